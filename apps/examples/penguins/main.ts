// npm start: the workflow runs twice through the command `synapse-steps`, as a user would run it. The first run trains and
// registers a model. In the second one the last step fails on purpose, and the folder of models must be as it was before.
import { failAndUndo } from './demo/fail-and-undo.js';
import { readOptions } from './demo/options.js';
import { runWorkflow } from './demo/run-workflow.js';
import { trainModel } from './demo/train-model.js';

const wrongUse = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return wrongUse;
  return (await trainModel(options, runWorkflow)) || (await failAndUndo(options, runWorkflow));
}
