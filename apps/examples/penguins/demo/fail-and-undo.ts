import { hashTree } from './hash-tree.js';
import type { Options } from './options.js';
import { bold, heading, notAsItMustBe } from './print.js';
import { interrupted, type RunWorkflow } from './run-workflow.js';

const failedAndUndone = 1;

/** The second run: its last step fails, and the folder of models must then be as it was before. Returns the exit code. */
export async function failAndUndo({ workflow, output, params }: Options, run: RunWorkflow): Promise<number> {
  heading('2. The same again, with a last step that fails on purpose');
  const before = await hashTree(output);
  const code = await run(workflow, { ...params, catalogue: 'no-such-folder' });
  const after = await hashTree(output);

  if (code === interrupted) return code;
  if (code !== failedAndUndone) {
    return notAsItMustBe(`The run should have failed and been undone (exit code 1), but the exit code is ${code}.`);
  }
  if (after.hash !== before.hash) {
    return notAsItMustBe(`${output} is not as it was: ${before.files} files before, ${after.files} now.`);
  }
  const proof = `${after.files} files, SHA-256 ${after.hash.slice(0, 16)}… before and after`;
  console.log(`\nThe folder of models is ${bold('exactly as it was')}: ${proof}`);
  return 0;
}
