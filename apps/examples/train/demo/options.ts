import { parseArgs } from 'node:util';
import { errorMessage } from '@synapse-steps/core';

const trainers = ['scikit-learn', 'typescript'] as const;

export interface Options {
  readonly trainer: (typeof trainers)[number];
  /** Whether a second training shall fail when its model is registered. */
  readonly fails: boolean;
  /** Whether the temporary folder stays, to look at what is in it. */
  readonly keeps: boolean;
}

const usage = `npm run example -- train [OPTIONS]
  --trainer NAME  ${trainers.join(' or ')} (default: ${trainers[0]})
  --fail          a second training, whose model the backend refuses
  --keep          keeps the temporary folder: data, weights, the picture, the backend`;

/** Reads the command line. Undefined when there is nothing to run; what to do is then printed. */
export function readOptions(args: string[]): Options | undefined {
  try {
    const options = {
      trainer: { type: 'string', default: trainers[0] },
      fail: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    } as const;
    const { values } = parseArgs({ args, options });
    const trainer = trainers.find((name) => name === values.trainer);
    if (trainer === undefined) throw new Error(`There is no trainer '${values.trainer}'.`);
    return { trainer, fails: values.fail, keeps: values.keep };
  } catch (error) {
    console.error(`${errorMessage(error)}\n\n${usage}`);
    return undefined;
  }
}
