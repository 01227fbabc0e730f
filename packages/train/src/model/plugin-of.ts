import { BackendError } from '@synapse-steps/backend';
import { pluginReleaseSchema, type PluginRelease } from '@synapse-steps/backend/api';

import type { TrainContext } from '../train-context.js';

/** The plugin that trains, and its version, as the job and its release say; what they do not say is left out. */
export async function pluginOf(context: TrainContext): Promise<{ plugin?: string; version?: string }> {
  try {
    const { plugin, version } = (await releaseOf(context)) ?? {};
    const code = typeof plugin === 'object' ? plugin?.code : undefined;
    return { ...(code && { plugin: code }), ...(version && { version }) };
  } catch (error) {
    if (context.signal.aborted || !BackendError.is(error)) throw error;
    // The model is worth more than the name of its plugin.
    context.log('plugin_release_unknown', { error: error.message }, 'warning');
    return {};
  }
}

async function releaseOf({ client, signal, runtimeContext }: TrainContext): Promise<PluginRelease | undefined> {
  const { jobId } = runtimeContext;
  if (jobId === undefined) return undefined;
  const { plugin_release: release } = await client.jobs.get(jobId, { signal });
  if (typeof release === 'number' || typeof release === 'string') return client.pluginReleases.get(release, { signal });
  return pluginReleaseSchema.safeParse(release).data;
}
