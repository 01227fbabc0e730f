import type { Evaluation } from './model.js';

/** The confusion matrix as lines of text: a row for each true class, a column for each predicted one. */
export function confusionTable({ classes, confusion }: Evaluation): string[] {
  const width = Math.max(...classes.map((name) => name.length)) + 2;
  const row = (title: string, cells: readonly (number | string)[]) =>
    title.padEnd(width) + cells.map((cell) => String(cell).padStart(width)).join('');
  return [row('', classes), ...classes.map((name, index) => row(name, confusion[index] ?? []))];
}

/** 0.9701 becomes `97.0%`. */
export function asPercent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
