import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { synapseSdkInterpreter } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import type { Suite } from '../suites/suite.js';

/**
 * Records the built-in cases of a suite again with the real SDK and compares; each case with the version that it was recorded
 * with. Without a Python that it runs on this is a loud skip, except on CI, where it must run. Resolves to the exit code.
 */
export async function checkRecorder({ name, recorder, recordedWith }: Suite): Promise<number> {
  let isSame = true;
  for (const sdk of recordedWith) {
    const interpreter = await synapseSdkInterpreter(`the recorder of '${name}' was not checked`, sdk);
    if (interpreter === undefined) return 0;
    // The SDK warns about itself while it is loaded; what it says of the cases is the recorder's business.
    const { code, output } = await captureCommand(interpreter, ['-W', 'ignore', '-B', ...recorder]);
    console.log(`${sdk}\n${output.trim()}`);
    isSame &&= code === 0;
  }
  return isSame ? 0 : 1;
}
