import { parseArgs } from 'node:util';
import { errorMessage } from '@synapse-steps/core';
import { EXIT } from './exit-codes.js';

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
  --keep          keeps the temporary folder: data, weights, the picture, the backend
  --help          prints this`;

/** Reads the command line. With an exit code there is nothing to run; what to do is then printed. */
export function readOptions(args: string[]): Options | { readonly exitCode: number } {
  try {
    const options = {
      trainer: { type: 'string', default: trainers[0] },
      fail: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    const { values } = parseArgs({ args, options });
    if (values.help) {
      console.log(usage);
      return { exitCode: EXIT.trained };
    }
    const trainer = trainers.find((name) => name === values.trainer);
    if (trainer === undefined) throw new Error(`There is no trainer '${values.trainer}'.`);
    return { trainer, fails: values.fail, keeps: values.keep };
  } catch (error) {
    console.error(`${errorMessage(error)}\n\n${usage}`);
    return { exitCode: EXIT.wrongUse };
  }
}
