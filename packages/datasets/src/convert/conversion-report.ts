import type { DatasetFormat } from '../model/dataset-format.js';
import type { LeaveOut, LeftOut, LeftOutCode } from '../model/left-out.js';

/** What a conversion did. */
export interface ConversionReport {
  readonly format: DatasetFormat;
  /** The folder with the result, absolute. */
  readonly path: string;
  /** The file that a trainer is given, absolute; none where the format has no such file. */
  readonly configPath: string | undefined;
  /** Whether there is a folder per split. */
  readonly categorized: boolean;
  /** How many were written. */
  readonly pictures: number;
  readonly annotations: number;
  /** What is not, or not quite, in the result: the first hundred; the counts are of all. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutCode, number>>>;
  /** True when the result was there already, and nothing was done. */
  readonly reused: boolean;
}

const MOST_ENTRIES = 100;
/** A name or a number from outside can be of any length. */
const MOST_CHARACTERS = 1000;

/** Collects what readers and writers leave out, in bounded memory. */
export class LeftOutList {
  readonly entries: LeftOut[] = [];
  readonly counts: Partial<Record<LeftOutCode, number>> = {};

  readonly leaveOut: LeaveOut = (entry) => {
    this.counts[entry.code] = (this.counts[entry.code] ?? 0) + 1;
    if (this.entries.length < MOST_ENTRIES) this.entries.push(shortened(entry));
  };
}

function shortened({ code, ...texts }: LeftOut): LeftOut {
  const { reason, picture, annotation } = texts;
  return {
    code,
    reason: brief(reason),
    picture: brief(picture),
    ...(annotation !== undefined && { annotation: brief(annotation) }),
  };
}

function brief(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
