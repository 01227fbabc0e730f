// Proves that the linter sees types and that the limits of the house are errors, on small files that break them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'synapse-steps-lint-'));
  const compiler = { extends: join(root, 'tsconfig.base.json'), compilerOptions: { types: [] }, include: ['.'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rulesBrokenBy(code: string): Promise<readonly string[]> {
  const file = join(folder, 'example.ts');
  writeFileSync(file, code);
  const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
  const args = ['--type-aware', '--format=json', '-c', join(root, '.oxlintrc.json'), file];
  const { output } = await captureCommand(oxlint, args);
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly { readonly code: string }[] };
  return diagnostics.map(({ code: rule }) => rule);
}

it('sees a promise that nobody awaits', async () => {
  const code = 'export async function save(): Promise<void> {}\nexport function leave(): void {\n  save();\n}\n';
  expect(await rulesBrokenBy(code)).toContain('typescript(no-floating-promises)');
});

it('sees a value of unknown shape that is used as if it were known', async () => {
  const code = 'export function read(text: string): string {\n  return JSON.parse(text).name;\n}\n';
  expect(await rulesBrokenBy(code)).toContain('typescript(no-unsafe-member-access)');
});

it('sees a switch that forgets a case', async () => {
  const code = `export function word(state: 'on' | 'off'): string {
  switch (state) {
    case 'on':
      return 'lit';
  }
  return 'dark';
}
`;
  expect(await rulesBrokenBy(code)).toContain('typescript(switch-exhaustiveness-check)');
});

it.each([
  ['typescript(no-explicit-any)', 'export const box: any = 1;\n'],
  ['typescript(no-non-null-assertion)', 'export const first = (list: string[]): string => list[0]!;\n'],
  ['eslint(no-empty)', 'export function swallow(work: () => void): void {\n  try {\n    work();\n  } catch {}\n}\n'],
  ['eslint(max-params)', 'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n'],
  ['eslint(max-lines-per-function)', `export function long(): void {\n${'  void 0;\n'.repeat(60)}}\n`],
  ['eslint(complexity)', `export const deep = (n: number): number => ${'n > 1 ? 1 : '.repeat(12)}0;\n`],
  ['eslint(max-lines)', '// one line\n'.repeat(401)],
])('holds %s', async (rule, code) => {
  expect(await rulesBrokenBy(code)).toContain(rule);
});
