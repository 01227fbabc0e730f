import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';
import type { Rule } from './rule.js';
import { rules } from './rules.js';

export const documentPath = join(root, 'packages', 'core', 'docs', 'differences-from-python-sdk.md');

export async function writeDifferences(): Promise<void> {
  await mkdir(dirname(documentPath), { recursive: true });
  await writeFile(documentPath, renderDifferences());
}

/** The rules as a page for people who know the Python SDK. */
export function renderDifferences(): string {
  return `${HEAD}${rules.map(section).join('\n')}`;
}

const HEAD = `# What differs from the Python SDK

<!-- Written by \`npm run vectors -- steps --write-document\` from apps/vectors/rules/rules.ts. Change it there. -->

Steps behave as in \`synapse-sdk\` 2026.2.17, except in the points below. Each is a rule that a recorded case is held to: what
the SDK did is known from running it, and what happens here instead is compared in full by \`npm run vectors -- steps\`.
W-numbers name weaknesses of the SDK that the rule mends, P-numbers peculiarities of Python.

`;

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
