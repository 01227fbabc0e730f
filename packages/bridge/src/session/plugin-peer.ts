import type { HeldContext } from '../context-sync/held-context.js';
import type { Capabilities } from '../protocol/capabilities.js';

/**
 * One live process of a plugin, as whoever makes a request for it sees it: what it can do, and what it is known to hold.
 * It ends with its process, so that one that was started again, or another of a pool, is known to hold nothing.
 */
export interface PluginPeer {
  readonly capabilities: Capabilities;
  /** The state of a context that the process is known to hold. */
  readonly held: HeldContext;
  /** Whether calls are under way in it, beside the one that is being made. */
  readonly isBusy: () => boolean;
}

/** The params of a request, or how they are made for the process that will serve it. */
export type ParamsFor = Record<string, unknown> | ((peer: PluginPeer) => Record<string, unknown>);
