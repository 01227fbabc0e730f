import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { compareCodePoints } from '../pictures/compare-code-points.js';
import { MARKER } from '../output/marker.js';
import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';
import { filesIn } from '../pictures/picture-index.js';
import type { ConversionReport } from './conversion-report.js';
import type { ConvertDatasetOptions } from './convert-dataset.js';

// What a finished conversion says of itself in `.complete`: the path of its config file on the first line, where the Python
// SDK looks for it; on the second one what it was made of, so that it is used again for the same only.

const markerSchema = z.object({
  asked: z.string(),
  categorized: z.boolean(),
  pictures: z.int(),
  annotations: z.int(),
  leftOut: z.array(z.unknown()),
  leftOutCounts: z.record(z.string(), z.int()),
});

export type FinishedConversion = z.infer<typeof markerSchema> & { readonly configPath: string | undefined };

/**
 * A hash of all that the result depends on: options, and names, sizes and times of the files that are read. Not the marker:
 * that of a download has the time of its last use.
 */
export async function conversionKey(options: ConvertDatasetOptions, input: string): Promise<string> {
  const { from, to, categorized, splits, classNames, segmentation, outside } = options;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([from, to, input, categorized, splits, classNames, segmentation, outside]));
  const files = (await filesIn(input)).filter((file) => file !== MARKER).sort(compareCodePoints);
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const states = files.slice(at, at + AT_ONCE).map(async (file) => ({ file, ...(await stateOf(join(input, file))) }));
    for (const state of await Promise.all(states)) hash.update(`${JSON.stringify(state)}\n`);
  }
  return hash.digest('hex');
}

const AT_ONCE = 64;

async function stateOf(path: string): Promise<{ readonly size?: number; readonly time?: number }> {
  const found = await orMissing(stat(path), ['ENOENT', 'ELOOP']); // a link may lead nowhere
  return found === undefined ? {} : { size: found.size, time: found.mtimeMs };
}

export async function writeConversionMarker(folder: string, asked: string, report: ConversionReport): Promise<void> {
  const { categorized, pictures, annotations, leftOut, leftOutCounts, configPath = '' } = report;
  const facts = { asked, categorized, pictures, annotations, leftOut, leftOutCounts };
  await writeFile(join(folder, MARKER), `${configPath}\n${JSON.stringify(facts)}\n`);
}

/** None where the folder is not there, or is no conversion of ours. */
export async function readConversionMarker(folder: string): Promise<FinishedConversion | undefined> {
  try {
    const [configPath, facts = ''] = (await readFile(join(folder, MARKER), 'utf8')).split('\n');
    const parsed = markerSchema.safeParse(JSON.parse(facts));
    return parsed.success ? { ...parsed.data, configPath: configPath === '' ? undefined : configPath } : undefined;
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
