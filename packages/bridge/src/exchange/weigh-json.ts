import { rawBytes } from '@synapse-steps/core';

/**
 * Whether the JSON of a value takes more than about `limit` characters. Writing it down would tell exactly, and cost as much
 * as sending it: this stops as soon as it is heavy.
 */
export function isHeavy(value: unknown, limit: number): boolean {
  return leftOf(value, limit) < 0;
}

/** What is left of a limit when a value has been subtracted from it. */
function leftOf(value: unknown, limit: number): number {
  switch (typeof value) {
    case 'string':
      return limit - value.length - 2;
    case 'number':
      return limit - (Number.isInteger(value) && value < 1e6 && value > -1e6 ? SHORT_NUMBER : LONG_NUMBER);
    case 'object':
      return value === null ? limit - WORD : leftOfContainer(value, limit - 2);
    default:
      return limit - WORD;
  }
}

const SHORT_NUMBER = 4;
const LONG_NUMBER = 17;
const WORD = 5;

function leftOfContainer(value: object, limit: number): number {
  const raw = rawBytes(value);
  if (raw !== undefined) return limit - (raw.length * 4) / 3;
  let left = limit;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index += 1) left = leftOf(value[index], left - 1);
    return left;
  }
  for (const key in value) {
    if (left < 0) break;
    left = leftOf((value as Record<string, unknown>)[key], left - key.length - KEY_EXTRA);
  }
  return left;
}

/** Two quotes, a colon and a comma. */
const KEY_EXTRA = 4;
