// npm run soak -- [--calls N] [--starts N] [--minutes N]: exits with 1 when something grows, or when the time is over before the end.
import { parseArgs } from 'node:util';
import { formatSamples, judgeSamples, type Sample } from './judge-samples.js';
import { soakCalls, soakStarts, type SoakOptions } from './soak.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    starts: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '20' },
  },
});
const [calls, starts, minutes] = [Number(values.calls), Number(values.starts), Number(values.minutes)];
if (!Number.isInteger(calls) || !Number.isInteger(starts) || calls < 1000 || starts < 20 || !(minutes > 0)) {
  console.error(
    'Usage: npm run soak -- [--calls N] [--starts N] [--minutes N], with 1000 calls and 20 starts at least.',
  );
  process.exit(2);
}

const SAMPLES = 20;
const end = performance.now() + minutes * 60_000;
const goesOn = (): boolean => performance.now() < end;
const isFlat = [
  await soak('calls', calls, soakCalls), // one process serves all of them
  await soak('starts', starts, soakStarts),
];
process.exitCode = isFlat.every(Boolean) ? 0 : 1;

async function soak(what: string, times: number, run: (options: SoakOptions) => Promise<Sample[]>): Promise<boolean> {
  const begin = performance.now();
  const samples = await run({ times, samples: SAMPLES, goesOn });
  console.log(`\n${formatSamples(samples, what)}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (samples.length < SAMPLES) {
    console.log(`${what}: the ${minutes} minutes were over after ${samples.at(-1)?.done ?? 0} of ${times}.`);
    return false;
  }
  const complaints = judgeSamples(samples);
  for (const complaint of complaints) console.log(`${what}: ${complaint}.`);
  if (complaints.length === 0) console.log(`${what}: flat over ${times} in ${seconds} s.`);
  return complaints.length === 0;
}
