// Times warm calls of a Python program through one adapter: the process lives, and so does the connection.
import { serveProbe } from './serve-probe.js';

/** @typedef {import('../adapters/adapter.js').Adapter} Adapter */
/** @typedef {import('../adapters/adapter.js').AdapterOptions} AdapterOptions */

const [adapter = '', options = '{}', bytes = '150'] = process.argv.slice(2);
const { connect } = /** @type {Adapter} */ (await import(`../adapters/${adapter}.js`));
const {
  version,
  roundTrip,
  callsAtOnce = 1,
  close,
} = await connect(/** @type {AdapterOptions} */ (JSON.parse(options)));

/** As many bytes of JSON as are asked for. */
const params = { path: 'data/images/0001.png', label: 'adelie', split: 'train', note: '' };
params.note = 'synapse '.repeat(Number(bytes) / 8 + 1).slice(0, Number(bytes) - JSON.stringify(params).length);

await serveProbe(version, async ({ milliseconds }) => {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  let last;
  while (elapsed < milliseconds) {
    last = await roundTrip(params);
    calls += callsAtOnce;
    elapsed = performance.now() - start;
  }
  if (JSON.stringify(last) !== JSON.stringify(params)) throw new Error(`Sent params, got ${JSON.stringify(last)}.`);
  return { value: (elapsed * 1000) / calls };
});
await close();
