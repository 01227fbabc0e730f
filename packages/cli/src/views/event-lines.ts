import type { ErrorRecord, RunEvent } from '@synapse-steps/core';
import { formatDuration } from '../output/duration.js';
import { printable, printableLines } from '../output/printable-text.js';
import { metricReport, type MetricReport } from './metric-report.js';

/** How a line is meant; a view may colour it so. */
export type Tone = 'good' | 'bad' | 'warning' | 'quiet' | 'normal';

export interface ViewLine {
  readonly tone: Tone;
  /** Safe for a terminal, without a line feed. */
  readonly text: string;
}

/** What people read about an event, none for those that bars and summary show. */
export function eventLines(event: RunEvent): ViewLine[] {
  switch (event.type) {
    case 'step-skip':
      return [line('quiet', `${event.step}: skipped${event.reason === undefined ? '' : `, ${event.reason}`}`)];
    case 'step-retry':
      return [
        line(
          'warning',
          `${event.step}: failed, ${event.error.message}; tried again in ${formatDuration(event.delayMs)}`,
        ),
      ];
    case 'step-end':
      return [stepEndLine(event)];
    case 'step-log':
      return logLines(event);
    case 'run-cancel':
      return [line('warning', `stopping: ${event.reason}`)];
    case 'rollback-start':
      return event.steps.length === 0 ? [] : [line('warning', `undoing: ${event.steps.join(', ')}`)];
    case 'undo-end':
      return [undoEndLine(event)];
    case 'observer-error':
      return [line('warning', `something that watches this run failed: ${event.error.message}`)];
    default:
      return [];
  }
}

function stepEndLine(event: RunEvent & { readonly type: 'step-end' }): ViewLine {
  const took = formatDuration(event.durationMs);
  if (event.status === 'completed') return line('good', `${event.step}: done in ${took}${shortData(event.data)}`);
  const what = event.status === 'failed' ? 'failed' : 'was lost';
  return line('bad', `${event.step}: ${what} after ${took}${reason(event.error)}`);
}

function undoEndLine(event: RunEvent & { readonly type: 'undo-end' }): ViewLine {
  const { step, outcome, error, undoAttempt, leftBehind = [] } = event;
  const left = leftBehind.length === 0 ? '' : `, left behind: ${leftBehind.join('; ')}`;
  switch (outcome) {
    case 'undone':
      return line('good', `${step}: undone`);
    case 'nothing-to-undo':
      return line('quiet', `${step}: nothing to undo`);
    case 'failed':
      return line('bad', `${step}: its undo failed (try ${undoAttempt})${reason(error)}`);
    case 'irreversible':
      return line('bad', `${step}: cannot be undone${left}`);
    case 'kept':
      return line('warning', `${step}: kept, the point of no return was passed`);
    case 'not-attempted':
      return line('bad', `${step}: its undo was not attempted`);
  }
}

function logLines(event: RunEvent & { readonly type: 'step-log' }): ViewLine[] {
  const { step, level, message, event: name, data } = event;
  const report = metricReport(name, data);
  const said = report === undefined ? `${name ?? ''} ${shortValue(data)}`.trim() : `${report.of}: ${measured(report)}`;
  const text = message ?? said;
  const tone = LOG_TONES[level] ?? 'normal';
  return printableLines(text).map((part) => ({ tone, text: `${printable(step)} | ${part}` }));
}

/** As other short values; null is what could not be measured. */
function measured({ metrics }: MetricReport): string {
  const known = Object.entries(metrics).map(([name, value]) => [name, value ?? 'not measured'] as const);
  return shortPairs(Object.fromEntries(known));
}

const LOG_TONES: Readonly<Record<string, Tone>> = {
  debug: 'quiet',
  success: 'good',
  warning: 'warning',
  danger: 'bad',
  error: 'bad',
  critical: 'bad',
};

function reason(error: ErrorRecord | undefined): string {
  return error === undefined ? '' : `: ${error.message.split('\n', 1)[0]}`;
}

/** The numbers and short texts of a step's data: what fits into a line. */
function shortData(data: Record<string, unknown> | undefined): string {
  const text = shortPairs(data ?? {});
  return text === '' ? '' : ` (${text})`;
}

function shortValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? shortPairs(value as Record<string, unknown>) : '';
}

/** `loss 0.25, epochs 4`: those values of an object that are short. */
export function shortPairs(values: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(values).flatMap(([key, value]) => {
    if (typeof value === 'number') return [`${key} ${shortNumber(value)}`];
    const isShort = typeof value === 'boolean' || (typeof value === 'string' && value.length <= LONGEST_TEXT);
    return isShort ? [`${key} ${value}`] : [];
  });
  return printable(pairs.slice(0, MOST_PAIRS).join(', ').replaceAll('\n', ' '));
}

const LONGEST_TEXT = 60;
const MOST_PAIRS = 6;

/** Whole numbers as they are, others with four digits that mean something. */
function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function line(tone: Tone, text: string): ViewLine {
  return { tone, text: printable(text.replaceAll('\n', ' ')) };
}
