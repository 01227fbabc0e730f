import { resolve } from 'node:path';
import { BaseStepContext } from '@synapse-steps/core';
import { z } from 'zod';
import type { Evaluation, Example, Model } from './classifier/model.js';
import type { columns, Penguin } from './penguin.js';

/** A row of the CSV file, still as text, and the line on which it stands. */
export interface Row {
  line: number;
  values: Record<(typeof columns)[number], string>;
}

/**
 * What the steps of a run share. Each step fills in what the next ones read; all of it is plain JSON, so that steps in Python
 * see the same fields.
 */
export class PenguinContext extends BaseStepContext {
  /** The workflow's params, checked before anything starts. */
  static override readonly params = z.object({
    csv: z.string(),
    output: z.string(),
    seed: z.int(),
    epochs: z.int().positive(),
    learning_rate: z.number().positive(),
    catalogue: z.string().nullable(),
  });

  rows: Row[] = []; // by load
  penguins: Penguin[] = []; // by validate
  training: Example[] = []; // by split
  testing: Example[] = [];
  model: Model | null = null; // by train
  evaluation: Evaluation | null = null; // by evaluate
  version: string | null = null; // by register

  /** The params with their types. */
  get settings() {
    return PenguinContext.params.parse(this.params);
  }

  /** Where a path of the params is: they are relative to the folder in which the run was started. */
  absolute(path: string): string {
    return resolve(this.runtimeContext.workDir, path);
  }
}
