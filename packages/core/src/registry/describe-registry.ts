import { percentShares } from '../loggers/percent-shares.js';
import type { BaseStep } from '../step/base-step.js';

/**
 * The steps of a registry as a table of plain text: names (children indented below their parent, with a title where there
 * is one), weights, shares in percent, and what can be undone.
 */
export function describeRegistry(registry: Iterable<BaseStep<never>>): string {
  const rows = [['step', 'weight', 'share', 'undo'], ...rowsOf([...registry], '')];
  if (rows.length === 1) return 'No steps.';
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => aligned(cell, column, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowsOf(steps: readonly Pick<BaseStep, keyof BaseStep>[], indent: string): string[][] {
  const shares = percentShares(steps.map(({ name, progressWeight }) => ({ name, weight: progressWeight })));
  return steps.flatMap((step) => {
    const { name, title, progressWeight, children = [] } = step;
    const label = title === undefined || title === name ? name : `${name} (${title})`;
    const share = shares[name];
    const row = [indent + label, String(progressWeight), share === undefined ? '–' : `${share} %`, undoOf(step)];
    return [row, ...rowsOf(children, `${indent}  `)];
  });
}

function undoOf({ hasRollback, irreversible, pivot, optional }: Pick<BaseStep, keyof BaseStep>): string {
  const undo = irreversible === true ? 'irreversible' : hasRollback ? 'can be undone' : 'nothing to undo';
  return [undo, ...(pivot === true ? ['point of no return'] : []), ...(optional === true ? ['optional'] : [])].join(
    ', ',
  );
}

/** Numbers stand right, words left. */
function aligned(cell: string, column: number, width: number): string {
  const gap = ' '.repeat(Math.max(0, width - cell.length));
  return column === 1 || column === 2 ? gap + cell : cell + gap;
}
