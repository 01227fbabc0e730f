// Our bridge: one `execute` of a plugin's step, as a remote step makes it, with every check and limit on.
import { connectPlugin } from '@synapse-steps/bridge';
import { versionOf } from '../probes/installed-version.js';
import { pluginFile, warmLimits } from './adapter.js';

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python }) {
  const session = await connectPlugin(
    { python: pluginFile('echo_step.py'), interpreter: python },
    { limits: warmLimits },
  );
  const { signal } = new AbortController();
  const listener = {
    onNotification: () => undefined,
    onLines: (/** @type {readonly string[]} */ lines) => console.error(lines.join('\n')),
  };
  const runId = crypto.randomUUID();
  return {
    version: versionOf('@synapse-steps/bridge'),
    roundTrip: async (stepParams) => {
      const params = {
        run_id: runId,
        step: 'echo',
        params: {},
        step_params: stepParams,
        context: { rev: session.nextRevision(), full: {} },
        attempt: 1,
        idempotency_key: `${runId}/echo/1/execute`,
        deadline_ms: null,
      };
      const answer = await session.call({ method: 'execute', step: 'echo', params, listener, signal });
      if (!answer.success) throw new Error(answer.error ?? 'the step failed');
      return answer.data;
    },
    close: () => session.close(),
  };
}
