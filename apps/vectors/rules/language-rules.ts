import type { Rule } from './rule.js';

/** What follows from the language: TypeScript is not Python. */
export const languageRules = [
  {
    id: 'our-words',
    defects: [],
    where: 'a wrong value is refused by both',
    sdk: 'says what is wrong in the words of the Python API',
    ours: 'says what is wrong, with which step, and what to do, in its own words',
    why: 'the names of the methods are others, and a message should help',
  },
  {
    id: 'js-truth',
    defects: ['P-01'],
    where: 'an empty list, mapping or registry counts as true or false',
    sdk: 'takes it for false',
    ours: 'takes it for true, as JavaScript does',
    why: 'it is what everybody expects of the language',
  },
  {
    id: 'js-texts',
    defects: ['P-02'],
    where: 'the text of an error, or of a value in a message',
    sdk: 'prints it as Python does: quotes around a missing key, True, None',
    ours: 'prints it as JavaScript does: the text itself, true, null',
    why: 'it is what everybody expects of the language',
  },
  {
    id: 'levels-are-words',
    defects: [],
    where: 'a log level is given as a text',
    sdk: 'refuses it: a level is a member of an enum',
    ours: 'takes it: levels are words, and the compiler checks them',
    why: 'it is how TypeScript writes enumerations',
  },
  {
    id: 'one-word-for-level',
    defects: [],
    where: 'the level of a message under its old name, context',
    sdk: 'warns',
    ours: 'knows one name only, so there is nothing to warn of',
    why: 'a new API needs no deprecated names',
  },
] as const satisfies readonly Rule[];
