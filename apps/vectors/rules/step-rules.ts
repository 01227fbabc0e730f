import type { Rule } from './rule.js';

/** Steps, their names and weights, and what is wrapped around them. */
export const stepRules = [
  {
    id: 'weights-are-shares',
    defects: ['W-26', 'W-32', 'W-42'],
    where: 'the shares of steps in a registry or in the progress record of a job',
    sdk: 'has a second number beside the weight, the proportion, on each step, which nobody checks and wrappers lose',
    ours: 'has the weight only on a step; a share is the weight in percent of all weights, also of a wrapped step, unless the action declares the shares of a job, by name and checked',
    why: 'two numbers on one step contradict each other, and a wrapper must not change what a job is told',
  },
  {
    id: 'checked-weights',
    defects: ['W-42'],
    where: 'a negative weight',
    sdk: 'takes it',
    ours: 'refuses to register the step (PR-4)',
    why: 'it would make progress go backwards or above 100',
  },
  {
    id: 'unique-names',
    defects: ['W-22'],
    where: 'two steps of one registry with equal names, an empty name, a name with a slash',
    sdk: 'takes them; some operations then mean the first, some the last, some all of them',
    ours: 'refuses to register the step (CT-5)',
    why: 'names are how steps are found, undone and resumed',
  },
  {
    id: 'known-names',
    defects: [],
    where: 'a name that is not registered is unregistered',
    sdk: 'does nothing',
    ours: 'refuses, and lists the names that there are (CT-5)',
    why: 'a misspelt name must not pass for success',
  },
  {
    id: 'wrappers-see-errors',
    defects: ['W-33'],
    where: 'a wrapped step raises, or hands back no result',
    sdk: 'logs no step_end and notes no duration',
    ours: 'logs step_end with the error, and notes the duration',
    why: 'the failing call is the one that is looked for in the log',
  },
  {
    id: 'own-values-stay',
    defects: ['W-34'],
    where: 'a timed step has written duration_seconds itself',
    sdk: 'overwrites it',
    ours: 'leaves it',
    why: 'a wrapper must not destroy data',
  },
  {
    id: 'validator-answers',
    defects: [],
    where: 'a validator hands back no pair',
    sdk: 'fails, or takes a text of two letters apart',
    ours: 'takes nothing or true for fine and a text for the reason, refuses the rest, and understands pairs too',
    why: 'a pair is not how TypeScript returns a problem',
  },
] as const satisfies readonly Rule[];
