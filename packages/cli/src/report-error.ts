import { errorMessage, SynapseStepsError } from '@synapse-steps/core';
import { EXIT } from './exit-codes.js';
import { printableLines } from './output/printable-text.js';
import { isInterruption } from './run/interrupted-error.js';

/**
 * Tells on stderr why nothing was started. What we know to expect is told in its own words, without a stack; anything else
 * is a fault of ours and comes with one.
 */
export function reportError(error: unknown, { debug }: { readonly debug: boolean }): number {
  if (isInterruption(error)) {
    process.stderr.write(`Cancelled (${errorMessage(error)}); nothing was started.\n`);
    return EXIT.cancelled;
  }
  const isExpected = SynapseStepsError.is(error);
  const stack = error instanceof Error && (debug || !isExpected) ? error.stack : undefined;
  const text = isExpected
    ? errorMessage(error)
    : `This is a fault of synapse-steps, please report it: ${errorMessage(error)}`;
  for (const line of printableLines(text)) process.stderr.write(`${line}\n`);
  if (stack !== undefined) process.stderr.write(`${stack}\n`);
  return EXIT.wrongUse;
}
