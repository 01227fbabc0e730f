import type { Rewritten } from './action-rule.js';
import { raisedIn } from './rewriting.js';

/** Messages of the SDK that are Python's, or name its methods and parameters; and what ours says. */
export type Words = readonly (readonly [theirs: RegExp, ours: string])[];

/** The message in our words; as it is where none are known. */
export function inOurWords(words: Words, message: string): string {
  const [theirs, ours] = words.find(([known]) => known.test(message)) ?? [];
  return theirs === undefined || ours === undefined ? message : message.replace(theirs, ours);
}

/** With the message of the error that the run ends with in our words. */
export function raisedInOurWords(words: Words, expect: Rewritten): Rewritten {
  const raised = raisedIn(expect);
  if (raised?.message === undefined) return expect;
  return { ...expect, raised: { ...raised, message: inOurWords(words, raised.message) } };
}

/** Of an action without steps. */
export const NO_STEPS: Words = [
  [
    /^No steps registered\..*$/s,
    'No steps registered in {any}. Override setupSteps() to register workflow steps, or execute().',
  ],
];
