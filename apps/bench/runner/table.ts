import { allMet, isMet, quotient, type BenchmarkResult, type Check, type Row } from './benchmark.js';

const headings = ['', 'version', 'median', 'min', 'max', 'floor', '× floor'];

/** The same as the JSON record, for people. */
export function formatTable(result: BenchmarkResult): string {
  const { id, title, unit, rows, rounds, target, checks, notes } = result;
  const rejected = rounds.rejected === 0 ? 'none rejected' : `${rounds.rejected} rejected because the floor moved`;
  return [
    `${id} · ${title} (${unit}; ${rounds.kept} rounds, ${rejected})`,
    ...alignColumns([headings, ...rows.map(toCells)]),
    `  target: ${target} — ${allMet(checks) ? 'met' : 'NOT met'}`,
    ...checks.map((check) => `    ${isMet(check) ? '✓' : '✗'} ${check.name}: ${describeCheck(check)}`),
    ...notes.map((note) => `  note: ${note}`),
  ].join('\n');
}

function toCells({ name, version, median, min, max, floor, unit }: Row): readonly string[] {
  const ratio = quotient(median, floor);
  return [
    name,
    version,
    unit === undefined ? formatFigure(median) : `${formatFigure(median)} ${unit}`,
    formatFigure(min),
    formatFigure(max),
    floor === null ? '–' : formatFigure(floor),
    ratio === null ? '–' : formatFigure(ratio),
  ];
}

function describeCheck({ value, limit, unit }: Check): string {
  const space = unit === '' ? '' : ' ';
  const measured = value === null ? 'not measured' : `${formatFigure(value)}${space}${unit}`;
  return `${measured} (at most ${formatFigure(limit)}${space}${unit})`;
}

/** Three significant digits below 1000, whole numbers with separators above. */
export function formatFigure(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}

function alignColumns(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) => {
    const aligned = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column < 2 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `  ${aligned.join('  ')}`.trimEnd();
  });
}
