// npm run fuzz -- --seconds 60 [--seed 1]: do the readers of TypeScript and Python agree? What they do not agree on is printed as
// entries for test-fixtures/protocol/fuzz-corpus, and the exit code is 1.
import { parseArgs } from 'node:util';
import { fuzz } from './differential-fuzz.js';
import { PythonReader } from './python-reader.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error(
    'Usage: npm run fuzz -- [--seconds N] [--seed N], with a number of seconds above 0 and a whole number as seed.',
  );
  process.exit(2);
}

const python = new PythonReader();
const end = performance.now() + seconds * 1000;
const summary = await fuzz(python, { seed, goesOn: () => performance.now() < end });
await python.close();

const { streams, lines, accepted, bytes, disagreements } = summary;
for (const { stream, limit, what } of disagreements) {
  console.log(JSON.stringify({ title: what, rawBase64: stream.toString('base64'), limit }));
}
console.log(
  `Seed ${seed}: ${streams} streams, ${lines} lines (${accepted} frames, ${lines - accepted} refused by both), cut at each of ${bytes} bytes; ${disagreements.length} disagreements.`,
);
process.exitCode = disagreements.length > 0 ? 1 : 0;
