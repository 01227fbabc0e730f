import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { synapseSdkInterpreter } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import type { Suite } from '../suites/suite.js';

/**
 * Records the built-in cases of a suite again with the real SDK and compares. Without a Python that it runs on this is a
 * loud skip, except on CI, where it must run. Resolves to the exit code.
 */
export async function checkRecorder({ name, recorder }: Suite): Promise<number> {
  const interpreter = await synapseSdkInterpreter(`the recorder of '${name}' was not checked`);
  if (interpreter === undefined) return 0;
  // The SDK warns about itself while it is loaded; what it says of the cases is the recorder's business.
  const { code, output } = await captureCommand(interpreter, ['-W', 'ignore', '-B', ...recorder]);
  console.log(output.trim());
  return code === 0 ? 0 : 1;
}
