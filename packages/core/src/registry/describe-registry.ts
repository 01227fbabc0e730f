import { percentShares } from '../loggers/percent-shares.js';
import type { BaseStep } from '../step/base-step.js';

export interface DescribeRegistryOptions {
  /** A further column: where a step comes from, say. */
  readonly remark?: (step: BaseStep) => string;
}

/**
 * The steps of a registry as a table of plain text: names (children indented below their parent, with a title where there
 * is one), weights, shares in percent, and what can be undone.
 */
export function describeRegistry(registry: Iterable<BaseStep<never>>, options: DescribeRegistryOptions = {}): string {
  const rows = rowsOf([...registry] as BaseStep[], '', options);
  if (rows.length === 0) return 'No steps.';
  const table = [['step', 'weight', 'share', 'undo', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => aligned(cell, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowsOf(steps: readonly BaseStep[], indent: string, options: DescribeRegistryOptions): string[][] {
  const shares = percentShares(steps.map(({ name, progressWeight }) => ({ name, weight: progressWeight })));
  return steps.flatMap((step) => {
    const { name, title, progressWeight, children = [] } = step;
    const label = title === undefined || title === name ? name : `${name} (${title})`;
    const share = shares[name];
    const numbers = [String(progressWeight), share === undefined ? '–' : `${share} %`];
    const row = [indent + label, ...numbers, undoText(step), options.remark?.(step) ?? ''];
    return [row, ...rowsOf(children, `${indent}  `, options)];
  });
}

function undoText(step: BaseStep): string {
  const undo = UNDO[undoOf(step)];
  return [
    undo,
    ...(step.pivot === true ? ['point of no return'] : []),
    ...(step.optional === true ? ['optional'] : []),
  ].join(', ');
}

const UNDO = { undo: 'can be undone', 'nothing-to-undo': 'nothing to undo', irreversible: 'CANNOT be undone' };

/** What can be taken back of a step; of one around others, what can be of them. */
export function undoOf(step: BaseStep): 'undo' | 'nothing-to-undo' | 'irreversible' {
  if (step.irreversible === true) return 'irreversible';
  if (step.hasRollback) return 'undo';
  const inside = (step.children ?? []).map(undoOf);
  return inside.find((undo) => undo === 'irreversible') ?? inside.find((undo) => undo === 'undo') ?? 'nothing-to-undo';
}

/** Numbers stand right, words left. */
function aligned(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}
