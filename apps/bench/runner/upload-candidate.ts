import type { Row } from './benchmark.js';
import type { Probe } from './probe.js';
import type { Candidate } from './rounds.js';
import { median, summarize } from './statistics.js';

const usages = [
  { what: 'processor', unit: 's' },
  { what: 'peak memory', unit: 'MB' },
  { what: 'requests', unit: '' },
] as const;

type Usage = Readonly<Record<(typeof usages)[number]['what'], number>>;

/** One way to upload. Measuring it takes its time; what else it took is kept beside. */
export class UploadCandidate implements Candidate {
  readonly name: string;
  readonly version: string;
  readonly #probe: Probe;
  readonly #backend: Probe;
  readonly #usages: Usage[] = [];

  constructor(name: string, { probe, backend }: { readonly probe: Probe; readonly backend: Probe }) {
    this.name = name;
    this.version = probe.version;
    this.#probe = probe;
    this.#backend = backend;
  }

  readonly measure = async (): Promise<number> => {
    const { value: port } = await this.#backend.measure({ wanted: 'fresh' });
    const { value, processorSeconds, peakBytes } = await this.#probe.measure({ port });
    const { value: requests } = await this.#backend.measure({ wanted: 'requests' });
    if (processorSeconds === undefined || peakBytes === undefined)
      throw new Error(`${this.name} did not say its usage.`);
    this.#usages.push({ processor: processorSeconds, 'peak memory': peakBytes / 2 ** 20, requests });
    return value;
  };

  /** Of all measurements but the warm-up. */
  usage(what: keyof Usage): readonly number[] {
    return this.#usages.slice(1).map((usage) => usage[what]);
  }
}

/** Rows for what the candidates took besides time; the first of them is the floor. */
export function usageRows(candidates: readonly UploadCandidate[], setting: string): readonly Row[] {
  const floor = candidates[0];
  if (floor === undefined) return [];
  return usages.flatMap(({ what, unit }) =>
    candidates.map((candidate): Row => ({
      name: `${candidate.name}: ${what}, ${setting}`,
      version: candidate.version,
      ...summarize(candidate.usage(what)),
      floor: median(floor.usage(what)),
      unit,
    })),
  );
}
