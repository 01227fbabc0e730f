import type { Rule } from '../rules/rule.js';

export type Verdict =
  | { readonly verdict: 'same' }
  /** `rules` are those without which something else would be expected. */
  | { readonly verdict: 'different'; readonly rules: readonly string[] }
  | { readonly verdict: 'unlisted'; readonly difference: string };

/**
 * Compares what came out of a case with what was recorded, or with what the rules make of that.
 *
 * @param differenceBy where it differs from what is expected by these rules; undefined when it does not
 */
export function verdictBy<TRule extends Pick<Rule, 'id'>>(
  rules: readonly TRule[],
  differenceBy: (rules: readonly TRule[]) => string | undefined,
): Verdict {
  if (differenceBy([]) === undefined) return { verdict: 'same' };
  const left = differenceBy(rules);
  if (left !== undefined) return { verdict: 'unlisted', difference: left };
  const isNeeded = (rule: TRule): boolean => differenceBy(rules.filter((other) => other !== rule)) !== undefined;
  return { verdict: 'different', rules: rules.filter(isNeeded).map(({ id }) => id) };
}

/** Whatever a case throws while it is interpreted is a difference that no rule lists. */
export async function unlistedWhenThrown(judge: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await judge();
  } catch (error) {
    return { verdict: 'unlisted', difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
