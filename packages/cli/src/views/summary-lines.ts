import type { ErrorRecord, RunReport, StepReport, UndoReport } from '@synapse-steps/core';
import { formatDuration } from '../output/duration.js';
import { printable, printableLines } from '../output/printable-text.js';
import type { Tone, ViewLine } from './event-lines.js';
import type { RunOutcome } from './view.js';

/** How a run ended: each step with its time, what was undone and what was left behind, and why. */
export function summaryLines({ report, failure }: RunOutcome): ViewLine[] {
  return [
    { tone: 'normal', text: '' },
    ...report.steps.map((step) => stepLine(step, nameWidth(report))),
    ...rollbackLines(report),
    ...failureLines(report, failure),
    { tone: 'normal', text: '' },
    verdict(report),
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

function rollbackLines(report: RunReport): ViewLine[] {
  const undone = report.rollback?.steps ?? [];
  if (undone.length === 0) return [];
  const width = nameWidth(report);
  return [
    { tone: 'normal', text: '' },
    { tone: 'normal', text: 'Rollback, newest step first:' },
    ...undone.flatMap((step) => undoLines(step, width)),
  ];
}

function undoLines(step: UndoReport, width: number): ViewLine[] {
  const [outcome, tone] = UNDO_OUTCOME[step.outcome];
  const tries = step.tries > 1 ? `${step.tries} tries` : '';
  const error = step.error === undefined ? '' : firstLine(step.error.message);
  const left = step.leftBehind.map((text) => ({
    tone: 'bad' as const,
    text: cells([' '.repeat(width), `left behind: ${text}`]),
  }));
  return [{ tone, text: cells([step.name.padEnd(width), outcome, tries, error]) }, ...left];
}

const UNDO_OUTCOME: Readonly<Record<UndoReport['outcome'], readonly [string, Tone]>> = {
  undone: ['undone', 'good'],
  'nothing-to-undo': ['nothing to undo', 'quiet'],
  failed: ['NOT undone, its undo failed', 'bad'],
  irreversible: ['cannot be undone', 'bad'],
  kept: ['kept', 'warning'],
  'not-attempted': ['NOT undone, not attempted', 'bad'],
};

function failureLines(report: RunReport, failure: string | undefined): ViewLine[] {
  if (failure === undefined) return [];
  const message = printableLines(failure).map((text) => ({ tone: 'bad' as const, text }));
  const traceback = pluginTraceback(report.error);
  return [
    { tone: 'normal', text: '' },
    ...message,
    ...traceback.map((text) => ({ tone: 'quiet' as const, text: `  ${text}` })),
  ];
}

/** The traceback of the plugin's own language: it shows the line of the user's code that failed. */
function pluginTraceback(error: ErrorRecord | undefined): string[] {
  for (let record = error; record !== undefined; record = record.cause) {
    if (record.details?.['plugin'] !== undefined && record.stack !== undefined && isForeign(record.stack)) {
      return printableLines(record.stack)
        .filter((text) => text !== '')
        .slice(-MOST_TRACEBACK_LINES);
    }
  }
  return [];
}

const MOST_TRACEBACK_LINES = 30;

/** A stack of this process says where the error was made here, which helps nobody who looks for a fault in a plugin. */
function isForeign(stack: string): boolean {
  return !/^\s+at .*:\d+:\d+\)?$/m.test(stack);
}

function verdict(report: RunReport): ViewLine {
  const name = report.workflow ?? 'the run';
  const took = formatDuration(report.durationMs);
  const isCancelled = report.error?.code === 'run_cancelled';
  const ended = isCancelled ? 'cancelled' : 'failed';
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
      return { tone: isCancelled ? 'warning' : 'bad', text: `${name} ${ended} after ${took}; everything was undone` };
    case 'failed':
      return {
        tone: isCancelled ? 'warning' : 'bad',
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
