import type { ConversionReport } from '@synapse-steps/datasets';
import { counted } from '../output/counted.js';
import { printableLines } from '../output/printable-text.js';

/** Whether everything is in the result, if perhaps not all that was said of it. */
export function isComplete({ leftOutCounts }: ConversionReport): boolean {
  return Object.keys(leftOutCounts).every((code) => KEPT.has(code));
}

/** What these speak of is in the result. */
const KEPT: ReadonlySet<string> = new Set(['class_unnamed', 'reduced', 'doubtful', 'corrected']);

/** A report for people. */
export function reportLines(report: ConversionReport): string[] {
  const { format, path, configPath, pictures, annotations } = report;
  const lines = [
    `${format}: ${counted(pictures, 'picture')} with ${counted(annotations, 'annotation')} in ${path}`,
    ...(configPath === undefined ? [] : [`For a trainer: ${configPath}`]),
    ...section(report, { title: 'Left out', isKept: false }),
    ...section(report, { title: 'Kept, but not as it was', isKept: true }),
  ];
  return lines.flatMap(printableLines);
}

function section(
  { leftOut, leftOutCounts }: ConversionReport,
  { title, isKept }: { readonly title: string; readonly isKept: boolean },
): string[] {
  const codes = Object.entries(leftOutCounts).filter(([code]) => KEPT.has(code) === isKept);
  if (codes.length === 0) return [];
  const lines = codes.flatMap(([code, all]) => {
    const shown = leftOut.filter((entry) => entry.code === code).slice(0, MOST_SHOWN);
    const more = all - shown.length;
    return [
      `  ${code}: ${all}`,
      ...shown.map((entry) => `    ${placeOf(entry)}: ${entry.reason}`),
      ...(more > 0 ? [`    and ${more} more`] : []),
    ];
  });
  return [`${title}:`, ...lines];
}

const MOST_SHOWN = 3;

function placeOf({ picture, annotation }: ConversionReport['leftOut'][number]): string {
  return annotation === undefined ? picture : `${picture}, annotation ${annotation}`;
}
