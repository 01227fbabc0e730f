// Proves that the linter sees types and that the limits of the house are errors, on small files that break one rule each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

const examples: Readonly<Record<string, string>> = {
  'typescript(no-floating-promises)':
    'export async function save(): Promise<void> {}\nexport function leave(): void {\n  save();\n}\n',
  'typescript(no-unsafe-member-access)':
    'export function read(text: string): string {\n  return JSON.parse(text).name;\n}\n',
  'typescript(switch-exhaustiveness-check)':
    "export function word(state: 'on' | 'off'): string {\n  switch (state) {\n    case 'on':\n      return 'lit';\n  }\n  return 'dark';\n}\n",
  'typescript(no-explicit-any)': 'export const box: any = 1;\n',
  'typescript(no-non-null-assertion)': 'export const first = (list: string[]): string => list[0]!;\n',
  'eslint(no-empty)': 'export function swallow(work: () => void): void {\n  try {\n    work();\n  } catch {}\n}\n',
  'eslint(max-params)': 'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n',
  'eslint(max-lines-per-function)': `export function long(): void {\n${'  void 0;\n'.repeat(60)}}\n`,
  'eslint(complexity)': `export const deep = (n: number): number => ${'n > 1 ? 1 : '.repeat(12)}0;\n`,
  'eslint(max-lines)': '// one line\n'.repeat(401),
};
const rules = Object.keys(examples);

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** All examples in one run of the linter; each file is named after the place of its rule. */
async function lintExamples(): Promise<readonly Diagnostic[]> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-lint-'));
  try {
    const compiler = { extends: join(root, 'tsconfig.base.json'), compilerOptions: { types: [] }, include: ['.'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler));
    rules.forEach((rule, index) => writeFileSync(join(folder, `${index}.ts`), examples[rule] ?? ''));
    const args = ['--type-aware', '--format=json', '-c', join(root, '.oxlintrc.json'), folder];
    const { output } = await captureCommand(join(root, 'node_modules', '.bin', 'oxlint'), args);
    return (JSON.parse(output) as { diagnostics: readonly Diagnostic[] }).diagnostics;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let diagnostics: readonly Diagnostic[] = [];

beforeAll(async () => {
  diagnostics = await lintExamples();
});

it.each(rules)('the linter holds %s', (rule) => {
  const own = diagnostics.filter(({ filename }) => basename(filename) === `${rules.indexOf(rule)}.ts`);
  expect(own.map(({ code }) => code)).toContain(rule);
});
