import { formatDuration, formatRemaining } from '../output/duration.js';
import { fit, printable } from '../output/printable-text.js';
import type { RunningStep, RunState } from '../run/run-state.js';
import { shortPairs } from './event-lines.js';

/** What the bars at the bottom of a terminal show at this moment; `columns` is its width. */
export function frameLines(state: RunState, columns: number): string[] {
  const width = Math.max(10, columns - 1); // the last column makes some terminals begin a new line
  const rows = state.rollback === undefined ? forwardRows(state) : rollbackRows(state);
  const labelWidth = Math.min(Math.max(...rows.map(({ label }) => label.length)), Math.floor(width / 3));
  const shape = { labelWidth, barWidth: barWidth(width - labelWidth) };
  return rows.map((row) => fit(rowText(row, shape), width));
}

interface Row {
  readonly label: string;
  /** 0 … 1; undefined for a row that has no bar. */
  readonly fraction: number | undefined;
  readonly text: string;
}

const MOST_RUNNING = 4;

function forwardRows(state: RunState): Row[] {
  const running = [...state.running.values()];
  const hidden = running.length - MOST_RUNNING;
  return [
    runRow(state),
    ...running.slice(0, MOST_RUNNING).map((step) => stepRow(step, state.now())),
    ...(hidden > 0 ? [{ label: '', fraction: undefined, text: `and ${hidden} more` }] : []),
  ];
}

function runRow(state: RunState): Row {
  const counted = `${state.finished.size} of ${state.steps.length} steps`;
  const left = state.remainingMs === undefined ? '' : `, about ${formatRemaining(state.remainingMs)} left`;
  const percent = state.percent === undefined ? '' : `${String(state.percent).padStart(3)} %  `;
  return {
    label: printable(state.workflow ?? 'workflow'),
    fraction: state.percent === undefined ? undefined : state.fraction,
    text: `${percent}${counted}${left}`,
  };
}

function stepRow(step: RunningStep, now: number): Row {
  const percent = step.fraction === undefined ? '' : `${String(Math.floor(step.fraction * 100)).padStart(3)} %`;
  const elapsed = step.fraction === undefined ? `running ${formatDuration(now - step.startedMs)}` : '';
  const parts = [percent, elapsed, step.progress, shortPairs(step.metrics)].filter((part) => part !== '');
  return { label: `  ${printable(step.name)}`, fraction: step.fraction, text: printable(parts.join('  ')) };
}

function rollbackRows(state: RunState): Row[] {
  const { rollback } = state;
  if (rollback === undefined) return [];
  const done = rollback.ended.size;
  const current = rollback.current === undefined ? '' : `  ${rollback.current}`;
  const stopped = state.percent === undefined ? 'stopped' : `stopped at ${state.percent} %`;
  return [
    {
      label: printable(state.workflow ?? 'workflow'),
      fraction: state.percent === undefined ? undefined : state.fraction,
      text: stopped,
    },
    {
      label: '  undoing',
      fraction: rollback.eligible === 0 ? 1 : done / rollback.eligible,
      text: printable(`${done} of ${rollback.eligible}${current}`),
    },
  ];
}

/** No bar at all in a terminal that has no room for one beside the percentage. */
function barWidth(room: number): number {
  const width = Math.min(24, room - 40);
  return width < 6 ? 0 : width;
}

function rowText({ label, fraction, text }: Row, shape: { labelWidth: number; barWidth: number }): string {
  const name = fit(label, shape.labelWidth).padEnd(shape.labelWidth);
  if (shape.barWidth === 0) return `${name} ${text}`;
  return `${name} ${fraction === undefined ? ' '.repeat(shape.barWidth) : bar(fraction, shape.barWidth)} ${text}`;
}

function bar(fraction: number, width: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
