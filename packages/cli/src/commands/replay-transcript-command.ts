import { readFile } from 'node:fs/promises';
import { ProcessStartError } from '@synapse-steps/bridge/process';
import { readTranscript, type TranscriptEntry } from '@synapse-steps/bridge/transcript';
import { replayAsHost } from '@synapse-steps/conformance';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { readPatience } from '../run/read-patience.js';
import { UsageError } from '../usage-error.js';
import type { CheckPluginCommandOptions } from './check-plugin-command.js';

/** `synapse-steps check plugin --transcript`: makes the calls of a transcript again; 0 when the plugin answers as it stands there. */
export async function replayTranscriptCommand(
  command: readonly string[],
  options: CheckPluginCommandOptions & { readonly transcript: string },
): Promise<number> {
  const { transcript, patience = '1' } = options;
  const problems = await replay(await transcriptIn(transcript), command, readPatience(patience));
  const passed = problems.length === 0;
  const output = new Output();
  if (options.json) output.line(printableJson({ protocolVersion: 1, command, transcript, passed, problems }));
  else for (const line of linesOf(problems, transcript).flatMap(printableLines)) output.line(line);
  return passed ? EXIT.succeeded : EXIT.failed;
}

function linesOf(problems: readonly string[], transcript: string): string[] {
  if (problems.length === 0) return [`It answers as it stands in ${transcript}.`];
  return [`It does not answer as it stands in ${transcript}:`, ...problems.map((problem) => `  ${problem}`)];
}

async function transcriptIn(file: string): Promise<TranscriptEntry[]> {
  try {
    const entries = readTranscript(await readFile(file, 'utf8'), file);
    if (entries.some(({ dir }) => dir === 'h>p')) return entries;
  } catch (error) {
    throw new UsageError(`--transcript: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  throw new UsageError(`--transcript: nothing is said in ${file}. Record a run with --record.`);
}

async function replay(
  entries: readonly TranscriptEntry[],
  command: readonly string[],
  patience: number,
): Promise<string[]> {
  try {
    return await replayAsHost(entries, command, { patience });
  } catch (error) {
    throw error instanceof ProcessStartError ? new UsageError(error.message, { cause: error }) : error;
  }
}
