// What the probes in Node have in common: a greeting, then one answer for each request.
import { createInterface } from 'node:readline';

/**
 * @typedef {{ value: number, heldBytes?: number, processorSeconds?: number, peakBytes?: number }} Answer
 * @typedef {{ steps: number, milliseconds: number, least?: number, bytes?: number, processor?: boolean, hold?: boolean, wanted?: string, port?: number, output?: string }} ProbeRequest
 */

/**
 * @param {string} version Of what is measured.
 * @param {(request: ProbeRequest) => Answer | Promise<Answer>} measure
 */
export async function serveProbe(version, measure) {
  print({ ready: true, version });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      print(await measure(/** @type {ProbeRequest} */ (JSON.parse(line))));
    } catch (error) {
      print({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

/** @param {object} answer */
function print(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
