import { resolve } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Makes the file of `--record`, so that a mistake is told before anything is started, and gives its path. */
export async function makeRecordFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { transcriptAt, TranscriptFileError } = await import('@synapse-steps/bridge/transcript');
  try {
    return transcriptAt(resolve(file)).path;
  } catch (error) {
    throw error instanceof TranscriptFileError ? new UsageError(error.message, { cause: error }) : error;
  }
}
