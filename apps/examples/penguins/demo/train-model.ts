import { relative } from 'node:path';
import { asPercent, confusionTable } from '../classifier/confusion-table.js';
import type { Options } from './options.js';
import { bold, heading, notAsItMustBe } from './print.js';
import { readModel, versionsIn } from './read-model.js';
import { interrupted, type RunWorkflow } from './run-workflow.js';

const leastAccuracy = 0.95;

/** The first run: shows what the new model can do and where it is. Returns the exit code. */
export async function trainModel({ workflow, output, params }: Options, run: RunWorkflow): Promise<number> {
  heading('1. Train, evaluate and register a model');
  const before = await versionsIn(output);
  const code = await run(workflow, params);
  if (code === interrupted) return code;
  if (code !== 0) return notAsItMustBe(`The run should have succeeded, but the command ended with exit code ${code}.`);

  const [made, ...others] = (await versionsIn(output)).filter((folder) => !before.includes(folder));
  if (made === undefined) return notAsItMustBe(`There is no new model in ${output}.`);
  if (others.length > 0) return notAsItMustBe(`There are ${others.length + 1} new models in ${output} instead of one.`);
  return await showModel(made);
}

async function showModel(folder: string): Promise<number> {
  const { evaluation } = await readModel(folder);
  const { accuracy } = evaluation;
  console.log(`
Accuracy on penguins that it was not trained on: ${bold(asPercent(accuracy))}

${confusionTable(evaluation).join('\n')}
(a row for each true species, a column for what the model says)

The model and its card are in ${bold(`${relative('.', folder)}/`)}`);
  if (accuracy >= leastAccuracy) return 0;
  return notAsItMustBe(`The accuracy should have been ${asPercent(leastAccuracy)} or more.`);
}
