import { UsageError } from '../usage-error.js';

/** The factor that `--patience` gives. @throws UsageError */
export function readPatience(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new UsageError(`--patience must be a number above 0, such as 3, not '${text}'.`);
}
