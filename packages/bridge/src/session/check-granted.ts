import type { StepDescription } from '../protocol/describe.js';
import type { ConnectionSettings } from './connection-settings.js';
import { PluginError } from './plugin-error.js';

/**
 * Refuses a step that needs variables which its plugin is not given: it would fail in the middle of a run.
 *
 * @throws PluginError of the kind `precondition_failed`.
 */
export function checkGranted(
  { name, env: needed }: Pick<StepDescription, 'name' | 'env'>,
  { plugin, env, secrets }: Pick<ConnectionSettings, 'plugin' | 'env' | 'secrets'>,
): void {
  const missing = needed.filter((variable) => !(Object.hasOwn(env, variable) || Object.hasOwn(secrets, variable)));
  if (missing.length === 0) return;
  const names = missing.map((variable) => `'${variable}'`).join(', ');
  throw new PluginError({
    kind: 'precondition_failed',
    plugin,
    step: name,
    message: `Step '${name}' of plugin '${plugin}' needs ${names} in its environment, which the plugin is not given. Grant it: name it in the plugin's 'env' (or 'secrets', for what is one), and set it where you start.`,
    details: { missing },
  });
}
