// npm start: the workflow runs twice through the command `synapse-steps`, as a user would run it. The first run trains and
// registers a model. In the second one the last step fails on purpose, and the folder of models must be as it was before.
import { relative } from 'node:path';
import { readOptions, type Options } from './demo/options.js';
import { bold, heading } from './demo/print.js';
import { readModel, versionsIn } from './demo/read-model.js';
import { hashTree } from './demo/hash-tree.js';
import { runWorkflow } from './demo/run-workflow.js';
import { asPercent, confusionTable } from './classifier/confusion-table.js';

const leastAccuracy = 0.95;
const interrupted = 130; // the command has undone its run and said so

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return 2;
  return (await trainModel(options)) || (await failAndUndo(options));
}

/** The first run. Returns the exit code. */
async function trainModel(options: Options): Promise<number> {
  heading('1. Train, evaluate and register a model');
  const before = await versionsIn(options.output);
  const code = await runWorkflow(options.workflow, options.params);
  if (code === interrupted) return code;
  if (code !== 0) return wrong(`The run should have succeeded, but the command ended with exit code ${code}.`, code);

  const made = (await versionsIn(options.output)).filter((folder) => !before.includes(folder));
  if (made[0] === undefined || made.length > 1)
    return wrong(`One new model was expected, but there are ${made.length}.`);
  const { evaluation } = await readModel(made[0]);
  const { accuracy } = evaluation;
  console.log(`\nAccuracy on penguins that it was not trained on: ${bold(asPercent(accuracy))}`);
  console.log(
    `\n${confusionTable(evaluation).join('\n')}\n(a row for each true species, a column for what the model says)`,
  );
  console.log(`\nThe model and its card are in ${bold(`${relative(process.cwd(), made[0])}/`)}`);
  return accuracy >= leastAccuracy ? 0 : wrong(`The accuracy should have been ${asPercent(leastAccuracy)} or more.`);
}

/** The second run. Returns the exit code. */
async function failAndUndo(options: Options): Promise<number> {
  heading('2. The same again, with a last step that fails on purpose');
  const before = await hashTree(options.output);
  const code = await runWorkflow(options.workflow, { ...options.params, catalogue: 'no-such-folder' });
  if (code === interrupted) return code;
  const after = await hashTree(options.output);
  if (code !== 1) {
    return wrong(`The run should have failed and been undone (exit code 1), but the command ended with ${code}.`, code);
  }
  if (after.hash !== before.hash) {
    return wrong(`The folder ${options.output} is not as it was: ${before.files} files before, ${after.files} now.`);
  }
  console.log(
    `\nThe folder of models is ${bold('exactly as it was before')}: ${after.files} files, SHA-256 ${after.hash}`,
  );
  return 0;
}

function wrong(message: string, code = 1): number {
  console.error(`\nThis is not as it must be. ${message}`);
  return code === 0 ? 1 : code;
}
