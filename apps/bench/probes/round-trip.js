// Times warm calls of a Python program through one adapter: the process lives, and so does the connection.
import { processorTime } from './processor-time.js';
import { serveProbe } from './serve-probe.js';

/** @typedef {import('../adapters/adapter.js').Adapter} Adapter */
/** @typedef {import('../adapters/adapter.js').AdapterOptions} AdapterOptions */

const [adapter = '', options = '{}', standardBytes = '150'] = process.argv.slice(2);
const { connect } = /** @type {Adapter} */ (await import(`../adapters/${adapter}.js`));
const {
  version,
  roundTrip,
  callsAtOnce = 1,
  close,
} = await connect(/** @type {AdapterOptions} */ (JSON.parse(options)));

/** As many bytes of JSON as are asked for. @param {number} bytes */
function paramsOf(bytes) {
  const params = { path: 'data/images/0001.png', label: 'adelie', split: 'train', note: '' };
  const missing = bytes - JSON.stringify(params).length;
  params.note = 'synapse '.repeat(missing / 8 + 1).slice(0, missing);
  return params;
}

let size = Number(standardBytes);
let params = paramsOf(size);

await serveProbe(version, async ({ milliseconds, least = 1, bytes = size, processor = false }) => {
  if (bytes !== size) [size, params] = [bytes, paramsOf(bytes)];
  const used = processor ? processorTime() : 0;
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  let last;
  while (elapsed < milliseconds || calls < least) {
    last = await roundTrip(params);
    calls += callsAtOnce;
    elapsed = performance.now() - start;
  }
  const value = processor ? processorTime() - used : elapsed * 1000;
  if (JSON.stringify(last) !== JSON.stringify(params)) throw new Error(`Sent params, got ${JSON.stringify(last)}.`);
  return { value: value / calls };
});
await close();
