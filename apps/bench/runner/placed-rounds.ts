// Rounds of host and plugin at each place where the machine can put them.
import { ProbeGroup } from './probe-group.js';
import type { ProbeCommand } from './probe.js';
import { availablePlacements, place, type Placement } from './placement.js';
import { takeRounds, UnsteadyMachineError, type Candidate, type RoundOptions, type RoundsResult } from './rounds.js';

/** A candidate whose probe has not been started. */
export interface Unplaced {
  readonly name: string;
  readonly probe: ProbeCommand;
  /** What the probe is asked in each round. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** What starts anew for each call cannot be put on the other core beforehand. */
  readonly startsAnew?: boolean;
}

export interface Placed {
  readonly results: ReadonlyMap<Placement, RoundsResult>;
  readonly notes: readonly string[];
}

export interface PlacedOptions extends RoundOptions {
  readonly say: (what: string) => void;
}

/** A placement that cannot be measured just now, most likely the free one, does not spoil the others. */
export async function takePlacedRounds(
  floor: Unplaced,
  others: readonly Unplaced[],
  { say, ...rounds }: PlacedOptions,
): Promise<Placed> {
  const { placements, notes: unavailable } = await availablePlacements();
  const results = new Map<Placement, RoundsResult>();
  const notes = [...unavailable];
  for (const placement of placements) {
    say(`host and plugin: ${placement}`);
    const placed = others.filter(({ startsAnew = false }) => placement !== 'one each' || !startsAnew);
    try {
      results.set(placement, await takeRoundsAt(placement, [floor, ...placed], rounds));
    } catch (error) {
      if (!(error instanceof UnsteadyMachineError)) throw error;
      notes.push(`${placement} LEFT OUT: ${error.message}`);
    }
  }
  return { results, notes };
}

async function takeRoundsAt(
  placement: Placement,
  unplaced: readonly Unplaced[],
  rounds: RoundOptions,
): Promise<RoundsResult> {
  await using probes = new ProbeGroup();
  const [floor, ...candidates] = await startAll(probes, unplaced, placement);
  if (floor === undefined) throw new RangeError('There is nothing to measure.');
  return await takeRounds(floor, candidates, rounds);
}

/** Starts probes, one after the other, and puts them where they shall be measured. */
export async function startAll(
  probes: ProbeGroup,
  unplaced: readonly Unplaced[],
  placement: Placement = 'free',
): Promise<Candidate[]> {
  const started = await startEach(probes, unplaced, placement);
  return started.map((one, index) => asking(one, unplaced[index]?.request ?? {}));
}

/** A probe that runs where it shall be measured, and may be asked for one thing and then for another. */
export interface Started {
  readonly name: string;
  readonly version: string;
  readonly ask: (request: Readonly<Record<string, unknown>>) => Promise<number>;
}

/** The same for probes that are asked for several things, one after the other. */
export async function startEach(
  probes: ProbeGroup,
  unplaced: readonly Unplaced[],
  placement: Placement,
): Promise<Started[]> {
  const started: Started[] = [];
  for (const { name, probe } of unplaced) {
    const running = await probes.start(probe);
    await place(running.pid, placement);
    started.push({ name, version: running.version, ask: async (request) => (await running.measure(request)).value });
  }
  return started;
}

/** What a running probe says to one request, as a candidate. */
export function asking({ name, version, ask }: Started, request: Readonly<Record<string, unknown>>): Candidate {
  return { name, version, measure: () => ask(request) };
}

/** How many rounds were kept and thrown away over all results. */
export function countRounds(results: Iterable<RoundsResult>): { readonly kept: number; readonly rejected: number } {
  let [kept, rejected] = [0, 0];
  for (const result of results) {
    kept += result.kept;
    rejected += result.rejected;
  }
  return { kept, rejected };
}
