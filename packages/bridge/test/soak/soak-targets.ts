import { fileURLToPath } from 'node:url';
import type { PluginTarget } from '../../src/index.js';
import { fixturePath } from '../fixture-path.js';
import type { Growth } from './judge-samples.js';

const NODE_PLUGIN = fileURLToPath(new URL('soak-plugin.mjs', import.meta.url));

/** The SDKs that a soak goes over. */
export const SDKS = ['python', 'node'] as const;
type Sdk = (typeof SDKS)[number];

/** The plugin of an SDK. `nodeArguments` let the one for Node run from the sources; without them it runs from the build. */
export function soakTarget(sdk: Sdk, nodeArguments: readonly string[] = []): PluginTarget {
  if (sdk === 'python') return { python: fixturePath('soak.py') };
  return { command: [process.execPath, ...nodeArguments, NODE_PLUGIN] };
}

/** What the plugin of an SDK may grow by beside the usual: as in the host, V8 gives memory back late. */
export function growthOf(sdk: Sdk): Partial<Growth> {
  return sdk === 'node' ? { pluginMemory: 32 } : {};
}
