import { compensatedSum } from '../progress/compensated-sum.js';
import { roundHalfEven } from './round-half-even.js';

/** What part of the whole each step is by its weight: percent, two decimals. Nothing when all weights are 0. */
export function percentShares(
  steps: readonly { readonly name: string; readonly weight: number }[],
): Record<string, number> {
  const total = compensatedSum(steps.map(({ weight }) => weight));
  if (!(total > 0)) return {};
  return Object.fromEntries(steps.map(({ name, weight }) => [name, roundHalfEven((weight / total) * 100, 2)]));
}
