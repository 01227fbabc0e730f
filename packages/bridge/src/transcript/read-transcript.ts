import { z } from 'zod';
import { type TranscriptEntry, transcriptEntrySchema } from './transcript-entry.js';

/**
 * Reads a transcript: one JSON object a line.
 *
 * @throws Error that names the first line that is none.
 */
export function readTranscript(text: string, file = 'the transcript'): TranscriptEntry[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.filter(({ line }) => line !== '').map(({ line, number }) => readEntry(line, `${file}:${number}`));
}

function readEntry(line: string, place: string): TranscriptEntry {
  const parsed = transcriptEntrySchema.safeParse(jsonOf(line, place));
  if (parsed.success) return parsed.data;
  throw new Error(`${place} is no entry of a transcript: ${z.prettifyError(parsed.error)}`);
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is no JSON: ${String(cause)}`, { cause });
  }
}
