import { describe, expect, it } from 'vitest';
import { checkPlugin, formatReport } from '../src/index.js';
import { checkFixture, failures, PLUGINS } from './check-fixture.js';
import { scratchPlugin } from './scratch-plugin.js';

describe('what cannot be tried counts as a failure', () => {
  it('a program that is no plugin: one failure, and nothing else is waited for', async () => {
    const report = await checkPlugin(['bash', `${PLUGINS}not-a-plugin.sh`]);
    expect(report.passed).toBe(false);
    expect(report.scenarios[0]).toMatchObject({ name: 'handshake', status: 'failed' });
    expect(new Set(report.scenarios.slice(1).map(({ status }) => status))).toEqual(new Set(['cannot-test']));
    expect(formatReport(report).join('\n')).toContain('ST-1: it wrote to stdout what is no JSON: ');
  });

  it('a capability that no step shows, unless one is named', async () => {
    const report = await checkPlugin(await scratchPlugin(`serve({ steps: [{ name: 'work' }] });`));
    expect(Object.keys(failures(report))).toEqual(['undo-waits', 'cancel-running', 'ping-busy', 'host-gone']);
    expect(failures(report)['undo-waits']?.[0]).toMatch(/conformance-saves-undo.*--saving-step/);
    expect(report.clauses.find(({ id }) => id === 'UD-2')?.status).toBe('not-seen');
  });

  it('a step that is named and not there', async () => {
    const report = await checkFixture('conforming.mjs', { roles: { any: 'wrok' } });
    expect(failures(report)['execute']).toEqual([`the plugin offers no step 'wrok'`]);
  });
});

it('takes an expected failure as none, and its absence as one', async () => {
  const report = await checkFixture('broken-skip.mjs', { expectFail: ['can-skip', 'describe-twice'] });
  expect(report.scenarios.find(({ name }) => name === 'can-skip')?.status).toBe('expected-failure');
  expect(Object.keys(failures(report))).toEqual(['describe-twice', 'can-skip']);
  expect(report.passed).toBe(false);
  expect((await checkFixture('broken-skip.mjs', { expectFail: ['can-skip'] })).passed).toBe(true);
});

it('rejects for a command that cannot be started', async () => {
  await expect(checkPlugin(['no-such-program-at-all'])).rejects.toMatchObject({ name: 'ProcessStartError' });
});

it('gives the steps the context and the params that it is told', async () => {
  const values = '[params.context.full.value, params.params.a, params.step_params.b].join()';
  const work = `(id, params) => (${values} === '1,2,3' ? answer(id, { success: true }) : refuse(id, 1000, 'wrong'))`;
  const report = await checkPlugin(await scratchPlugin(`serve({ work: ${work} });`), {
    context: { value: 1 },
    params: { a: 2 },
    stepParams: { b: 3 },
  });
  expect(report.passed).toBe(true);
});
