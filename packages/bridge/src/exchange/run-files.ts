import type { BaseStepContext } from '@synapse-steps/core';
import { z } from 'zod';
import { BYTES_MEDIA, EXCHANGE_NAME } from '../protocol/file-reference.js';
import { BadFileError } from './exchange-error.js';
import { ExchangeFolder } from './exchange-folder.js';
import { confinedPath, withConfinedFile } from './confined-file.js';
import { exchangePath, removeFilesWithRun, runPlace } from './host-exchange.js';

const runFileSchema = z.object({
  /** Its name relative to the exchange folder. */
  file: z.string().regex(EXCHANGE_NAME),
  bytes: z.int().min(0),
  sha256: z.string(),
  media: z.string(),
});

/** A file that one step hands over to a later one; plain JSON, to be kept in the context. */
export type RunFile = z.infer<typeof runFileSchema>;

/** What is known of a file that is handed over. */
export interface RunFileOptions {
  readonly media?: string;
  /** The end of its name, for readers that look at it: `.npy`. */
  readonly suffix?: string;
}

/**
 * Writes a file for later steps of this run, in this process or in any plugin, which read it without a copy on the way.
 * It is kept until the run is over, its rollback included; one that was interrupted keeps it for when it is resumed in this
 * process. It never outlives the process, or the last of its plugins: a run that is resumed later, or undone from its journal,
 * does not find it any more.
 *
 * @throws BadFileError when no plugin is connected that the host has an exchange folder for; the system's error.
 * @example
 * context.table = writeRunFile(context, bytes, { media: 'application/vnd.apache.arrow.file', suffix: '.arrow' });
 */
export function writeRunFile(context: BaseStepContext, content: Uint8Array, options: RunFileOptions = {}): RunFile {
  const { media = BYTES_MEDIA, suffix = '' } = options;
  const place = runPlace(context.runId);
  removeFilesWithRun(context);
  const { $file, bytes, sha256 } = new ExchangeFolder(folderOrThrow(), place).write(content, { media, suffix });
  return { file: $file, bytes, sha256, media };
}

/**
 * The path of a file that an earlier step handed over, to be read or mapped into memory, and not to be changed.
 *
 * @throws BadFileError when it is not there any more, or is not what was handed over.
 */
export function runFilePath(file: unknown): string {
  const parsed = runFileSchema.safeParse(file);
  if (!parsed.success) throw new BadFileError(`this is no file that was handed over: ${z.prettifyError(parsed.error)}`);
  const { file: name, bytes } = parsed.data;
  const folder = folderOrThrow();
  withConfinedFile(folder, { name, bytes }, () => undefined);
  return confinedPath(folder, name);
}

function folderOrThrow(): string {
  const path = exchangePath();
  if (path !== undefined) return path;
  throw new BadFileError('there is no exchange folder: no plugin is connected, or files are switched off');
}
