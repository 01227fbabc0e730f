import { ProcessStartError } from '@synapse-steps/bridge/process';
import { checkPlugin, type ConformanceReport, formatReport } from '@synapse-steps/conformance';
import type { JsonObject } from '@synapse-steps/core';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { readParams } from '../run/read-params.js';
import { readPatience } from '../run/read-patience.js';
import { makeRecordFile } from '../run/record-file.js';
import { UsageError } from '../usage-error.js';

export interface CheckPluginCommandOptions {
  readonly step?: string;
  readonly waitingStep?: string;
  readonly savingStep?: string;
  readonly printingStep?: string;
  readonly context?: string;
  readonly param?: readonly string[];
  readonly expectFail?: readonly string[];
  readonly patience?: string;
  readonly record?: string;
  readonly transcript?: string;
  readonly json?: boolean;
}

/** `synapse-steps check plugin`: tries a plugin by every clause of the protocol; 0 when it keeps them all, 1 when not. */
export async function checkPluginCommand(
  pluginCommand: readonly string[] | undefined,
  options: CheckPluginCommandOptions,
): Promise<number> {
  if (pluginCommand === undefined || pluginCommand.length === 0) {
    throw new UsageError('Say which plugin: -- and its command, as in synapse-steps check plugin -- ./my-plugin');
  }
  if (options.transcript !== undefined) {
    const { replayTranscriptCommand } = await import('./replay-transcript-command.js');
    return await replayTranscriptCommand(pluginCommand, { ...options, transcript: options.transcript });
  }
  const report = await check(pluginCommand, options);
  const output = new Output();
  if (options.json) output.line(printableJson(report));
  else for (const line of formatReport(report).flatMap(printableLines)) output.line(line);
  return report.passed ? EXIT.succeeded : EXIT.failed;
}

async function check(command: readonly string[], options: CheckPluginCommandOptions): Promise<ConformanceReport> {
  const { step, waitingStep, savingStep, printingStep, param = [], expectFail = [] } = options;
  try {
    return await checkPlugin(command, {
      roles: { any: step, waits: waitingStep, saves: savingStep, prints: printingStep },
      context: readContext(options.context ?? '{}'),
      params: await readParams({ param }),
      patience: readPatience(options.patience ?? '1'),
      expectFail,
      record: await makeRecordFile(options.record),
    });
  } catch (error) {
    if (error instanceof ProcessStartError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function readContext(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    throw new UsageError(`--context is no JSON: ${String(cause)}. Write --context '{"rows": [1, 2]}'.`, { cause });
  }
  throw new UsageError(`--context must be a JSON object, such as '{"rows": [1, 2]}', not ${text}.`);
}
