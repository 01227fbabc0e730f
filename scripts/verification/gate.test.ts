import { expect, it, onTestFinished, vi } from 'vitest';
import { oneCheck, orSkipped, runGates } from './gate.mjs';

it('goes on after a red gate and sums what all of them counted', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));

  const totals = await runGates([
    { name: 'thrower', run: () => Promise.reject(new Error('no such compiler')) },
    { name: 'linter', run: () => Promise.resolve(oneCheck({ code: 1, output: 'bad line\n' })) },
    {
      name: 'tests',
      run: () => Promise.resolve({ passed: 40, failed: 0, skipped: 2, output: 'noise', skippedTests: ['needs Go'] }),
    },
  ]);

  expect(totals).toEqual({ passed: 40, failed: 2, skipped: 2, skippedTests: ['needs Go'] });
  expect(lines.join('\n')).toContain('no such compiler');
  expect(lines.join('\n')).toContain('    | bad line');
  expect(lines.join('\n')).not.toContain('noise');
  expect(lines.at(-1)).toBe('    | SKIPPED: needs Go');
  expect(lines.at(-2)).toMatch(/^ok .* tests: 40 passed, 0 failed, 2 skipped$/);
});

it('shows a check that could not be made, which on CI is red', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const unreachable = () => Promise.reject(new Error('no network'));
  vi.stubEnv('CI', undefined);
  expect(oneCheck(await orSkipped('the types', unreachable))).toMatchObject({
    passed: 0,
    failed: 0,
    skipped: 1,
    skippedTests: ['the types. Error: no network'],
  });
  expect(oneCheck(await orSkipped('the types', () => Promise.resolve({ code: 1, output: '' })))).toMatchObject({
    failed: 1,
  });
  vi.stubEnv('CI', '1');
  await expect(orSkipped('the types', unreachable)).rejects.toThrow('no network');
});

it('tells a gate what the ones before it have found', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const test = { file: 'packages/a/src/a.test.ts', title: 'F-1: a', state: 'passed' } as const;
  const heard: unknown[] = [];
  await runGates([
    { name: 'tests', run: () => Promise.resolve({ ...oneCheck({ code: 0, output: '' }), tests: [test] }) },
    {
      name: 'faults',
      run: (earlier) => {
        heard.push(...earlier.flatMap(({ tests = [] }) => tests));
        return Promise.resolve(oneCheck({ code: 0, output: '' }));
      },
    },
  ]);
  expect(heard).toEqual([test]);
});
