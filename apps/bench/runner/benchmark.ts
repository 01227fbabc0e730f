import type { MeasuredCandidate, RoundsResult } from './rounds.js';

/** A line of a table: one candidate in one setting, beside the floor of that setting. */
export interface Row extends MeasuredCandidate {
  /** Where it is not the benchmark's. */
  readonly unit?: string;
  /** The median of the floor in the same rounds; null where there is none. */
  readonly floor: number | null;
}

/** One part of a target. */
export interface Check {
  readonly name: string;
  /** Null when it could not be measured, which is not met. */
  readonly value: number | null;
  readonly limit: number;
  readonly unit: string;
}

export interface BenchmarkResult {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly Row[];
  /** The floor beside the most important figure of ours, and how many times the floor that figure is. */
  readonly floor: number | null;
  readonly ratio: number | null;
  /** The target in words; `checks` is the same in figures. */
  readonly target: string;
  readonly checks: readonly Check[];
  readonly rounds: { readonly kept: number; readonly rejected: number };
  /** What was left out and why, and what a reader should know. */
  readonly notes: readonly string[];
}

export interface BenchmarkOptions {
  /** Shorter rounds, and fewer. */
  readonly quick: boolean;
  /** Told, in a few words, what is being done now. */
  readonly say: (what: string) => void;
}

export interface Benchmark {
  readonly id: string;
  readonly title: string;
  readonly run: (options: BenchmarkOptions) => Promise<BenchmarkResult>;
}

export function isMet({ value, limit }: Check): boolean {
  return value !== null && value <= limit;
}

/** A target is met when there is something to check and all of it holds. */
export function allMet(checks: readonly Check[]): boolean {
  return checks.length > 0 && checks.every(isMet);
}

/** The rows of one setting, floor first; `setting` tells them from those of other settings. */
export function rowsOf(result: RoundsResult, setting?: string): readonly Row[] {
  const suffix = setting === undefined ? '' : `, ${setting}`;
  const floor = result.floor.median;
  return [result.floor, ...result.candidates].map((row) => ({ ...row, name: row.name + suffix, floor }));
}

/** The median of a row that may not be there, because a peer was left out. */
export function medianOf(rows: readonly Row[], name: string): number | null {
  return rows.find((row) => row.name === name)?.median ?? null;
}

export function quotient(value: number | null, by: number | null): number | null {
  return value === null || by === null || by === 0 ? null : value / by;
}
