import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { errorMessage } from '@synapse-steps/core';

export interface Options {
  /** The workflow file, relative to the example's folder. */
  readonly workflow: string;
  /** The folder that models are written to; absolute. */
  readonly output: string;
  /** What the run is given over the params of the file. */
  readonly params: Readonly<Record<string, string>>;
}

const usage = `npm start [-- OPTIONS]
  --typescript     every step in TypeScript; without it, train and evaluate are written in Python
  --output FOLDER  where models are written (default: apps/examples/penguins/models)`;

/** Reads the command line. Undefined when there is nothing to run; what to do is then printed. */
export function readOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({ args, options: { typescript: { type: 'boolean' }, output: { type: 'string' } } });
    const output = values.output === undefined ? undefined : resolve(values.output);
    return {
      workflow: values.typescript === true ? 'workflow-typescript.yaml' : 'workflow.yaml',
      output: output ?? modelsFolder,
      params: output === undefined ? {} : { output },
    };
  } catch (error) {
    console.error(`${errorMessage(error)}\n\n${usage}`);
    return undefined;
  }
}

const modelsFolder = fileURLToPath(new URL('../models', import.meta.url));
