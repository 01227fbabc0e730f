import type { ErrorRecord, RunReport, StepReport } from '@synapse-steps/core';
import { formatDuration } from '../output/duration.js';
import { shortJson } from '../output/short-json.js';
import { printable, printableLines } from '../output/printable-text.js';
import { isCancelled } from '../run/stray-error.js';
import { pluginTraceback } from './error-place.js';
import type { Tone, ViewLine } from './event-lines.js';
import { rollbackLines } from './rollback-lines.js';
import type { RunOutcome } from './view.js';

/** How a run ended: each step with its time, what was undone and what was left behind, and why. */
export function summaryLines({ report, failure, result, undoDataOf }: RunOutcome): ViewLine[] {
  return [
    { tone: 'normal', text: '' },
    ...report.steps.map((step) => stepLine(step, nameWidth(report))),
    ...rollbackLines(report, { width: nameWidth(report), undoDataOf }),
    ...failureLines(report, failure),
    ...resultLines(result),
    { tone: 'normal', text: '' },
    verdict(report),
  ];
}

function resultLines(result: unknown): ViewLine[] {
  if (result === undefined) return [];
  return [
    { tone: 'normal', text: '' },
    { tone: 'normal', text: `result: ${shortJson(result)}` },
  ];
}

function nameWidth(report: RunReport): number {
  return Math.max(...report.steps.map(({ name }) => name.length), 4);
}

function stepLine(step: StepReport, width: number): ViewLine {
  const [status, tone] = STEP_STATUS[step.status];
  const took = step.durationMs === undefined ? '' : formatDuration(step.durationMs);
  const note = step.skipReason ?? (step.attempts > 1 ? `${step.attempts} attempts` : '');
  return { tone, text: cells([step.name.padEnd(width), status.padEnd(11), took.padStart(8), note]) };
}

const STEP_STATUS: Readonly<Record<StepReport['status'], readonly [string, Tone]>> = {
  completed: ['done', 'good'],
  skipped: ['skipped', 'quiet'],
  failed: ['failed', 'bad'],
  unknown: ['lost', 'bad'],
  running: ['running', 'normal'],
  pending: ['not started', 'quiet'],
};

function failureLines(report: RunReport, failure: string | undefined): ViewLine[] {
  if (failure === undefined) return [];
  const message = printableLines(failure).map((text) => ({ tone: 'bad' as const, text }));
  const traceback = tracebackLines(report.error);
  return [
    { tone: 'normal', text: '' },
    ...message,
    ...traceback.map((text) => ({ tone: 'quiet' as const, text: `  ${text}` })),
  ];
}

/** The last lines of a traceback: the error itself and the user's line are there. */
function tracebackLines(error: ErrorRecord | undefined): string[] {
  return printableLines(pluginTraceback(error) ?? '')
    .filter((text) => text !== '')
    .slice(-MOST_TRACEBACK_LINES);
}

const MOST_TRACEBACK_LINES = 30;

function verdict(report: RunReport): ViewLine {
  const name = report.workflow ?? 'the run';
  const took = formatDuration(report.durationMs);
  const wasCancelled = isCancelled(report);
  const ended = wasCancelled ? 'cancelled' : 'failed';
  const complete = report.rollback?.complete ?? true;
  switch (report.status) {
    case 'succeeded':
      return complete
        ? { tone: 'good', text: `${name} succeeded in ${took}` }
        : {
            tone: 'warning',
            text: `${name} succeeded in ${took}, but an optional step that failed could not be undone`,
          };
    case 'rolled-back':
      return { tone: wasCancelled ? 'warning' : 'bad', text: `${name} ${ended} after ${took}; everything was undone` };
    case 'failed':
      return {
        tone: wasCancelled ? 'warning' : 'bad',
        text: `${name} ${ended} after ${took}; there was nothing to undo`,
      };
    case 'rollback-abandoned':
      return {
        tone: 'bad',
        text: `${name} ${ended} after ${took}; the rollback was ABANDONED, see above what was not undone`,
      };
    default:
      return { tone: 'bad', text: `${name} ${ended} after ${took}; NOT everything was undone, see above` };
  }
}

function cells(texts: readonly string[]): string {
  return printable(`  ${texts.map((text) => text.replaceAll('\n', ' ')).join('  ')}`).trimEnd();
}
