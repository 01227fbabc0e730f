// The floor of step engines: bare calls of async functions, one awaited after the other.
import { measureSteps } from './measure-steps.js';
import { serveProbe } from './serve-probe.js';

/** @type {(() => Promise<void>)[]} */
let calls = [];

async function callAll() {
  for (const call of calls) await call();
}

await serveProbe(process.versions.node, (request) => {
  if (calls.length !== request.steps) calls = Array.from({ length: request.steps }, () => async () => undefined);
  return measureSteps(request, callAll);
});
