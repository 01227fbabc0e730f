import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Rule } from './rule.js';

/** A page of a package's documentation that lists rules, for people who know the Python SDK. */
export interface DifferencesPage {
  readonly path: string;
  readonly head: string;
  readonly rules: readonly Rule[];
}

export async function writeDifferences(page: DifferencesPage): Promise<void> {
  await mkdir(dirname(page.path), { recursive: true });
  await writeFile(page.path, renderDifferences(page));
}

export function renderDifferences({ head, rules }: DifferencesPage): string {
  return `${head}${rules.map(section).join('\n')}`;
}

function section({ id, defects, where, sdk, ours, why }: Rule): string {
  const mended = defects.length > 0 ? ` (${defects.join(', ')})` : '';
  return [
    `## ${id}${mended}\n`,
    `**Where:** ${where}\n`,
    `- The SDK ${sdk}.`,
    `- Ours ${ours}.`,
    `- Why: ${why}.\n`,
  ].join('\n');
}
