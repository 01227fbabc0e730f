import type { Row } from './benchmark.js';
import type { Probe } from './probe.js';
import { takeRounds, type Candidate, type RoundsResult } from './rounds.js';
import { median, summarize } from './statistics.js';

const usages = [
  { what: 'processor', unit: 's' },
  { what: 'peak memory', unit: 'MB' },
  { what: 'requests', unit: '' },
] as const;

type Usage = Readonly<Partial<Record<(typeof usages)[number]['what'], number>>>;

export interface UsageCandidateOptions {
  readonly probe: Probe;
  /** Makes ready for a measurement, and says what the probe is asked. */
  readonly prepare: () => Promise<Readonly<Record<string, unknown>>>;
  /** Is asked how many requests it has had since then. */
  readonly backend?: Probe;
}

const warmUps = 1;

/** One way to do a job. Measuring it takes its time; what else it took is kept beside. */
export class UsageCandidate implements Candidate {
  readonly name: string;
  readonly version: string;
  readonly #options: UsageCandidateOptions;
  readonly #usages: Usage[] = [];

  constructor(name: string, options: UsageCandidateOptions) {
    this.name = name;
    this.version = options.probe.version;
    this.#options = options;
  }

  readonly measure = async (): Promise<number> => {
    const { probe, prepare, backend } = this.#options;
    const { value, processorSeconds, peakBytes } = await probe.measure(await prepare());
    if (processorSeconds === undefined || peakBytes === undefined)
      throw new Error(`${this.name} did not say its usage.`);
    const usage = { processor: processorSeconds, 'peak memory': peakBytes / 2 ** 20 };
    const requests = await backend?.measure({ wanted: 'requests' });
    this.#usages.push({ ...usage, ...(requests && { requests: requests.value }) });
    return value;
  };

  /** Of all measurements but the warm-ups. */
  usage(what: keyof Usage): readonly number[] {
    return this.#usages.slice(warmUps).flatMap((usage) => usage[what] ?? []);
  }
}

/** Rounds of jobs that work with files, and the rows for what they took besides time in this setting. */
export async function takeUsageRounds(
  floor: UsageCandidate,
  candidates: readonly UsageCandidate[],
  { rounds, setting }: { readonly rounds: number; readonly setting: string },
): Promise<{ readonly result: RoundsResult; readonly usage: readonly Row[] }> {
  // A disk, which also has other things to do, is moodier than a processor: the floor may move by half.
  const result = await takeRounds(floor, candidates, { rounds, warmUps, allowedMove: 0.5 });
  return { result, usage: usageRows([floor, ...candidates], setting) };
}

/** Rows for what the candidates took besides time; the first of them is the floor. */
function usageRows(candidates: readonly UsageCandidate[], setting: string): readonly Row[] {
  const floor = candidates[0];
  if (floor === undefined) return [];
  return usages.flatMap(({ what, unit }) =>
    floor.usage(what).length === 0
      ? []
      : candidates.map((candidate): Row => ({
          name: `${candidate.name}: ${what}, ${setting}`,
          version: candidate.version,
          ...summarize(candidate.usage(what)),
          floor: median(floor.usage(what)),
          unit,
        })),
  );
}
