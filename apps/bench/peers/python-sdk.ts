import { SDK, synapseSdkInterpreter } from '../../../scripts/bootstrap/synapse-sdk.mjs';

/** An interpreter that has the Python SDK. @throws Error when there is no Python that it runs on, or pip fails. */
export async function pythonSdk(): Promise<string> {
  const interpreter = await synapseSdkInterpreter('the Python SDK was not measured');
  if (interpreter === undefined) throw new Error(`${SDK} needs a newer Python than there is`);
  return interpreter;
}
