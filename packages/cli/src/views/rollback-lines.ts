import type { JsonObject, RunReport, UndoReport } from '@synapse-steps/core';
import { printable, printableLines } from '../output/printable-text.js';
import { shortJson } from '../output/short-json.js';
import { errorPlace } from './error-place.js';
import type { Tone, ViewLine } from './event-lines.js';

export interface RollbackShape {
  readonly width: number;
  /** What a step had saved for its undo. */
  readonly undoDataOf: (step: string) => JsonObject | undefined;
}

/** What became of each undo; where something is left, all that helps to remove it by hand. */
export function rollbackLines(report: RunReport, shape: RollbackShape): ViewLine[] {
  const undone = report.rollback?.steps ?? [];
  if (undone.length === 0) return [];
  return [
    { tone: 'normal', text: '' },
    { tone: 'normal', text: 'Rollback, newest step first:' },
    ...undone.flatMap((step) => undoLines(step, shape)),
    ...adviceLines(undone),
  ];
}

function undoLines(step: UndoReport, { width, undoDataOf }: RollbackShape): ViewLine[] {
  const [outcome, tone] = UNDO_OUTCOME[step.outcome];
  const tries = step.tries > 1 ? [`${step.tries} tries`] : [];
  const [first, ...more] = step.error === undefined ? [] : printableLines(step.error.message);
  const indent = ' '.repeat(width + 4);
  const details = [
    ...more.slice(0, MOST_MESSAGE_LINES),
    ...(isOpen(step) ? openTexts(step, undoDataOf(step.name)) : []),
    ...step.leftBehind.map((text) => `left behind: ${text.replaceAll('\n', ' ')}`),
  ];
  const head = [step.name.padEnd(width), outcome, ...tries, first ?? ''].join('  ');
  return [
    { tone, text: printable(`  ${head}`).trimEnd() },
    ...details.map((text) => ({ tone: 'bad' as const, text: printable(indent + text) })),
  ];
}

const MOST_MESSAGE_LINES = 20;

const UNDO_OUTCOME: Readonly<Record<UndoReport['outcome'], readonly [string, Tone]>> = {
  undone: ['undone', 'good'],
  'nothing-to-undo': ['nothing to undo', 'quiet'],
  failed: ['NOT undone, its undo failed', 'bad'],
  irreversible: ['cannot be undone', 'bad'],
  kept: ['kept', 'warning'],
  'not-attempted': ['NOT undone, not attempted', 'bad'],
};

/** Whether an undo that should have been made was not, or not to its end. */
function isOpen({ outcome }: UndoReport): boolean {
  return outcome === 'failed' || outcome === 'not-attempted';
}

function openTexts({ error }: UndoReport, undoData: JsonObject | undefined): string[] {
  const place = error === undefined ? undefined : errorPlace(error);
  return [
    ...(place === undefined ? [] : [`at ${place}`]),
    undoData === undefined ? 'had saved no undo data' : `undo data: ${shortJson(undoData)}`,
  ];
}

function adviceLines(undone: readonly UndoReport[]): ViewLine[] {
  const open = undone.filter(isOpen).map(({ name }) => name);
  if (open.length === 0) return [];
  const text = `To do by hand, nothing does it later: undo ${open.join(', ')}, by the undo data above.`;
  return [
    { tone: 'normal', text: '' },
    { tone: 'bad', text: printable(text) },
  ];
}
