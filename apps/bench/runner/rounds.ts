// Candidates are measured in turn, round after round, so that whatever slows the machine down slows all of them. Each round
// measures the floor before and after the others: where that moved, the machine was busy with something else, and the whole
// round is thrown away.
import { median, summarize, type Summary } from './statistics.js';

/** Something that can be measured any number of times. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  /** One measurement, in the unit of the benchmark. */
  readonly measure: () => Promise<number>;
}

export interface RoundOptions {
  /** How many good rounds are wanted. */
  readonly rounds: number;
  /** Rounds that are run at most, good or not. Default: three times `rounds`. */
  readonly atMost?: number;
  /** How often each candidate is measured beforehand, for nothing. Default 2; 0 where each measurement is a new process. */
  readonly warmUps?: number;
  /**
   * For programs that get faster while they are compiled: a candidate is warm only when its figures have stopped falling,
   * which is waited for over so many measurements at most. Default: `warmUps` are enough.
   */
  readonly settleWithin?: number;
  /** How far a reading of the floor may lie from the median of all its readings. Default: a fifth. */
  readonly allowedMove?: number;
}

export interface MeasuredCandidate extends Summary {
  readonly name: string;
  readonly version: string;
}

export interface RoundsResult {
  readonly floor: MeasuredCandidate;
  readonly candidates: readonly MeasuredCandidate[];
  readonly kept: number;
  /** Rounds thrown away because the floor moved. */
  readonly rejected: number;
}

interface Round {
  readonly floors: readonly [before: number, after: number];
  /** In the order of the candidates. */
  readonly values: readonly number[];
}

const aFifth = 0.2;

/** Thrown where the machine was too busy with something else: no figure is better than a wrong one. */
export class UnsteadyMachineError extends Error {
  override readonly name = 'UnsteadyMachineError';
}

/** Runs rounds until enough are good. @throws UnsteadyMachineError when hardly any was. */
export async function takeRounds(
  floor: Candidate,
  candidates: readonly Candidate[],
  { rounds, atMost = rounds * 3, warmUps = 2, settleWithin = 0, allowedMove = aFifth }: RoundOptions,
): Promise<RoundsResult> {
  for (let pass = 0; pass < warmUps; pass += 1) {
    for (const candidate of [floor, ...candidates]) await candidate.measure();
  }
  for (const candidate of [floor, ...candidates]) await settle(candidate, settleWithin);
  const all: Round[] = [];
  let kept: readonly Round[] = [];
  while (kept.length < rounds && all.length < atMost) {
    all.push(await takeRound(floor, candidates, all.length));
    kept = steadyRounds(all, allowedMove);
  }
  const wantedAtLeast = Math.min(3, rounds);
  if (kept.length < wantedAtLeast) {
    throw new UnsteadyMachineError(
      `The floor moved by more than ${allowedMove * 100} % in ${all.length - kept.length} of ${all.length} rounds: the machine is too busy to measure. Try again when it is idle.`,
    );
  }
  return summarizeRounds({ floor, candidates, kept, rejected: all.length - kept.length });
}

const settleWindow = 12;

/** Measures until the last few figures are no longer lower than the few before them. */
async function settle({ measure }: Candidate, atMost: number): Promise<void> {
  const seen: number[] = [];
  while (seen.length < atMost) {
    seen.push(await measure());
    if (seen.length < settleWindow * 2) continue;
    const [before, lately] = [seen.slice(-settleWindow * 2, -settleWindow), seen.slice(-settleWindow)];
    if (median(lately) > median(before) * 0.97) return;
  }
}

/** Each round begins with another candidate, so that none always runs in the wake of the same neighbour. */
async function takeRound(floor: Candidate, candidates: readonly Candidate[], round: number): Promise<Round> {
  const before = await floor.measure();
  const values = Array.from(candidates, () => Number.NaN);
  for (let turn = 0; turn < candidates.length; turn += 1) {
    const index = (round + turn) % candidates.length;
    const candidate = candidates[index];
    if (candidate) values[index] = await candidate.measure();
  }
  return { floors: [before, await floor.measure()], values };
}

/** The rounds in which both readings of the floor lie within a fifth of the median of all readings. */
export function steadyRounds<TRound extends Pick<Round, 'floors'>>(
  rounds: readonly TRound[],
  allowedMove = aFifth,
): readonly TRound[] {
  if (rounds.length === 0) return [];
  const usual = median(rounds.flatMap(({ floors }) => floors));
  const moved = (reading: number): boolean => Math.abs(reading - usual) > usual * allowedMove;
  return rounds.filter(({ floors }) => !floors.some(moved));
}

interface Kept {
  readonly floor: Candidate;
  readonly candidates: readonly Candidate[];
  readonly kept: readonly Round[];
  readonly rejected: number;
}

function summarizeRounds({ floor, candidates, kept, rejected }: Kept): RoundsResult {
  const row = ({ name, version }: Candidate, values: readonly number[]): MeasuredCandidate => ({
    name,
    version,
    ...summarize(values),
  });
  return {
    floor: row(
      floor,
      kept.flatMap(({ floors }) => floors),
    ),
    candidates: candidates.map((candidate, index) =>
      row(
        candidate,
        kept.map(({ values }) => values[index] ?? Number.NaN),
      ),
    ),
    kept: kept.length,
    rejected,
  };
}
