import { basename } from 'node:path';

import type { FileSpecification } from '@synapse-steps/backend/api';

import type { FileGroup } from '../file-group.js';
import { atOnce } from '../sending/at-once.js';
import { probeFrameRate, type FrameRate } from './probe-frame-rate.js';

export interface CheckFrameRateOptions {
  readonly specifications: readonly FileSpecification[];
  /** Default: `ffprobe`, looked for in PATH. */
  readonly ffprobe?: string;
  /** For each file, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface FrameRateReport {
  /** Videos whose frame rate varies: annotations by frame number would not fit them. */
  readonly problems: readonly string[];
  /** What could not be found out. */
  readonly warnings: readonly string[];
}

const AT_ONCE = 2;
/** Frame rates are written as fractions and measured by time stamps; so much is noise. */
const TOLERANCE = 0.01;

/** Looks for videos with a variable frame rate, where `ffprobe` is installed. An analysis that fails is only a warning. */
export async function checkFrameRate(
  groups: readonly FileGroup[],
  options: CheckFrameRateOptions,
): Promise<FrameRateReport> {
  const { ffprobe = 'ffprobe', timeoutMs = 30_000, signal } = options;
  const videos = videosIn(groups, options.specifications);
  const rates: FrameRate[] = [];
  let isMissing = false;
  await atOnce(videos, AT_ONCE, async ({ path }, index) => {
    signal?.throwIfAborted();
    if (isMissing) return;
    const rate = await probeFrameRate(path, { ffprobe, timeoutMs, signal });
    rates[index] = rate;
    isMissing = rate.type === 'no-ffprobe';
  });
  if (isMissing)
    return {
      problems: [],
      warnings: [`Frame rates of ${videos.length} videos were not checked: ffprobe is not installed`],
    };
  const said = videos.map((video, index) => ({ video, rate: rates[index] }));
  return {
    problems: said.flatMap(({ video, rate }) => (rate?.type === 'known' ? problemOf(video, rate) : [])),
    warnings: said.flatMap(({ video, rate }) => {
      return rate?.type === 'failed' ? [`Frame rate of "${basename(video.path)}" was not checked: ${rate.why}`] : [];
    }),
  };
}

interface Video {
  readonly key: string;
  readonly path: string;
}

function videosIn(groups: readonly FileGroup[], specifications: readonly FileSpecification[]): Video[] {
  const specs = specifications.filter(({ file_type: type }) => type === 'video').map(({ name }) => name);
  return groups.flatMap(({ key, files }) => {
    return specs.flatMap((spec) => (files[spec] === undefined ? [] : [{ key, path: files[spec] }]));
  });
}

function problemOf(
  { key, path }: Video,
  { base, average }: { readonly base: number; readonly average: number },
): string[] {
  if (Math.abs(base - average) <= TOLERANCE * base) return [];
  const rates = `${base.toFixed(2)} frames a second by its header, ${average.toFixed(2)} on average`;
  return [
    `File group "${key}": video "${basename(path)}" has a variable frame rate (${rates}); convert it to a constant one`,
  ];
}
