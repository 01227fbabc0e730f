import { printableJson } from './printable-json.js';
import { fit, printable } from './printable-text.js';

const LONGEST = 500;

/** `value` as JSON in one line that is safe for a terminal, cut where it is very long. */
export function shortJson(value: unknown): string {
  return fit(printable(printableJson(value)), LONGEST);
}
