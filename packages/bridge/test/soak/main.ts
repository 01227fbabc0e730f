// npm run soak -- [--sdk python|node] [--calls N] [--starts N] [--minutes N]: for each SDK, or the one named. Exits with 1 when something
// grows, or when the time is over before the end.
import { parseArgs } from 'node:util';
import { formatSamples, judgeSamples, type Sample } from './judge-samples.js';
import { soakCalls, soakStarts, type SoakOptions } from './soak.js';
import { growthOf, SDKS, soakTarget } from './soak-targets.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    starts: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '20' },
    sdk: { type: 'string', multiple: true, default: [...SDKS] },
  },
});
const [calls, starts, minutes] = [Number(values.calls), Number(values.starts), Number(values.minutes)];
const sdks = SDKS.filter((sdk) => values.sdk.includes(sdk));
const areKnown = values.sdk.every((sdk) => SDKS.some((known) => known === sdk));
if (
  !areKnown ||
  !Number.isInteger(calls) ||
  !Number.isInteger(starts) ||
  calls < 1000 ||
  starts < 20 ||
  !(minutes > 0)
) {
  console.error(
    'Usage: npm run soak -- [--sdk python|node] [--calls N] [--starts N] [--minutes N], with 1000 calls and 20 starts at least; the minutes are for each SDK.',
  );
  process.exit(2);
}

const SAMPLES = 20;
let end = 0;
const goesOn = (): boolean => performance.now() < end;
for (const sdk of sdks) {
  end = performance.now() + minutes * 60_000;
  // one process serves all calls
  const isFlat = [await soak(`${sdk}: calls`, calls, soakCalls), await soak(`${sdk}: starts`, starts, soakStarts)];
  if (!isFlat.every(Boolean)) process.exitCode = 1;

  async function soak(what: string, times: number, run: (options: SoakOptions) => Promise<Sample[]>): Promise<boolean> {
    const begin = performance.now();
    const samples = await run({ plugin: soakTarget(sdk), times, samples: SAMPLES, goesOn });
    console.log(`\n${formatSamples(samples, what)}`);
    if (samples.length < SAMPLES) {
      console.log(`${what}: the ${minutes} minutes were over after ${samples.at(-1)?.done ?? 0} of ${times}.`);
      return false;
    }
    const complaints = judgeSamples(samples, growthOf(sdk));
    for (const complaint of complaints) console.log(`${what}: ${complaint}.`);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    if (complaints.length === 0) console.log(`${what}: flat over ${times} in ${seconds} s.`);
    return complaints.length === 0;
  }
}
