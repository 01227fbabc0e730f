import { fileURLToPath } from 'node:url';

/**
 * One way to call a program in Python from Node. The module of an adapter exports `connect`, which resolves when the first
 * answer has come.
 *
 * @typedef {object} Connection
 * @property {string} version Of what is measured.
 * @property {(params: Record<string, string>) => Promise<unknown>} roundTrip Sends the params and gets them back.
 * @property {number} [callsAtOnce] How many calls one `roundTrip` makes, one after the other. Default 1.
 * @property {() => Promise<void>} close Resolves when its process has ended.
 */

/**
 * @typedef {object} AdapterOptions
 * @property {string} python The interpreter.
 * @property {string} peer The address of the peer's module, where there is one.
 * @property {string} version Of the peer.
 */

/** @typedef {{ connect: (options: AdapterOptions) => Promise<Connection> }} Adapter */

/**
 * Like our bridge, whoever can starts Python in a session of its own: Linux divides the processor between sessions, so that
 * one that shares the session of its host would be scheduled in another way.
 */
export const ownSession = { detached: true };

/** The path of a program in the folder `plugins`. @param {string} file */
export function pluginFile(file) {
  return fileURLToPath(new URL(`../plugins/${file}`, import.meta.url));
}

/** A session replaces its process after a thousand calls. What a start costs is P6's; a warm call is measured without. */
export const warmLimits = { maxCalls: Number.MAX_SAFE_INTEGER };
