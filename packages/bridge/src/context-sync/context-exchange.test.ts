import {
  ConfiguredStep,
  defineStep,
  type JsonObject,
  ParallelStep,
  RetryStep,
  type RunReport,
  type StepReport,
  StepResult,
} from '@synapse-steps/core';
import { MemoryJournal, recordRun } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';
import { openScript } from '../../test/open-script.js';
import { OpenContext, runSteps } from '../../test/run-steps.js';

const LOOKS = `
  const looked = [];
  const look = ({ context }) => looked.push(context) && looked.map(({ base, rev, full, patch }) => ({ base, rev, full, patch }));
  const steps = [{ name: 'look' }, { name: 'change' }, { name: 'fail' }, { name: 'die' }, { name: 'refuse' }];
  const execute = ({ id, params }) => {
    const seen = look(params);
    if (params.step === 'die') process.exit(3);
    if (params.step === 'fail') return write({ id, error: { code: 1000, message: 'no', data: { kind: 'step_failed' } } });
    const patch = { change: [{ op: 'add', path: '/mine', value: 1 }], refuse: [{ op: 'remove', path: '/none' }] }[params.step] ?? [];
    result(id, { success: true, data: { seen }, patch });
  };`;

/** The contexts that the process of the last step was sent. */
async function sentTo(capabilities: string, ...names: string[]) {
  const { session } = await openScript(`${LOOKS} plugin(steps, { execute }, ${capabilities});`);
  const steps = names.flatMap((name, at) => {
    const optional = ['fail', 'die', 'refuse'].includes(name);
    return [counting(at), new ConfiguredStep(session.step(name), { name: `${name}-${at}`, optional })];
  });
  const { report } = await recordRun(steps, Object.assign(new OpenContext(), { big: [1, 2], n: 0 }));
  const data = report.steps.at(-1)?.data as { seen: JsonObject[] };
  return data.seen.map(({ rev: _rev, ...rest }) => rest);
}

function counting(at: number) {
  return defineStep<OpenContext>({
    name: `count-${at}`,
    execute: (context) => {
      context['n'] = at + 1;
      return StepResult.ok();
    },
  });
}

describe('a plugin that declares context_delta', () => {
  const DELTA = '{ context_delta: true }';

  it('CX-6: gets the whole first, and then what others have changed since its last answer', async () => {
    const sent = await sentTo(DELTA, 'change', 'look', 'look');
    expect(sent).toEqual([
      { full: { big: [1, 2], n: 1 } },
      { base: expect.any(Number) as number, patch: [{ op: 'replace', path: '/n', value: 2 }] },
      { base: expect.any(Number) as number, patch: [{ op: 'replace', path: '/n', value: 3 }] },
    ]);
  });

  it.each([
    ['its last call ended with an error', 'fail'],
    ['a change of its last answer was refused', 'refuse'],
  ])('CX-6: gets the whole after %s', async (_what, bad) => {
    const sent = await sentTo(DELTA, 'look', bad, 'look');
    expect(sent.at(-1)).toEqual({ full: { big: [1, 2], n: 3 } });
  });

  it('CX-6: gets the whole in a new process', async () => {
    expect(await sentTo(DELTA, 'look', 'die', 'look')).toEqual([{ full: { big: [1, 2], n: 3 } }]);
  });

  it('CX-9: gets the whole, once, when it does not hold the base; that is no other attempt', async () => {
    const { session } = await openScript(`
      const seen = [];
      const execute = ({ id, params: { context, attempt } }) => {
        seen.push([Object.keys(context).sort().join(), attempt]);
        if (context.base !== undefined) return write({ id, error: { code: 1009, message: 'gone', data: { kind: 'context_base_missing' } } });
        result(id, { success: true, data: { seen } });
      };
      plugin([{ name: 'one' }, { name: 'two' }], { execute }, { context_delta: true });`);
    const { report } = await runSteps(session, ['one', 'two'], { fields: { a: 1 } });
    expect(report.steps[1]).toMatchObject({ attempts: 1, status: 'completed' });
    expect(report.steps[1]?.data).toHaveProperty('seen', [
      ['full,rev', 1],
      ['base,patch,rev', 1],
      ['full,rev', 1],
    ]);
  });

  it('CX-9: fails when it does not hold the base though it was sent the whole', async () => {
    const { session } = await openScript(`
      const error = { code: 1009, message: 'gone', data: { kind: 'context_base_missing' } };
      plugin([{ name: 'one' }], { execute: ({ id }) => write({ id, error }) }, { context_delta: true });`);
    const { error } = await runSteps(session, ['one']);
    expect(error?.cause).toMatchObject({ code: 'context_base_missing' });
  });
});

it('CX-6: a plugin that does not declare context_delta gets the whole each time', async () => {
  const sent = await sentTo('{}', 'change', 'look');
  expect(sent).toEqual([{ full: { big: [1, 2], n: 1 } }, { full: { big: [1, 2], n: 2, mine: 1 } }]);
});

// --- side by side -------------------------------------------------------------------------------------------------------

/** Two calls at a time in one process: 'second' is answered first. Each step changes what its name says. */
function sideBySide(patches: { readonly first: object[]; readonly second: object[] }): string {
  return `
    const patches = ${JSON.stringify(patches)};
    const waiting = {};
    const execute = ({ id, params: { step } }) => {
      waiting[step] = id;
      if (step === 'first') notify('undo', { id, seq: 1, data: { made: 'it' } });
      if (waiting.first === undefined || waiting.second === undefined) return;
      result(waiting.second, { success: true, patch: patches.second });
      result(waiting.first, { success: true, patch: patches.first });
    };
    const rollback = ({ id, params }) => result(id, { outcome: 'undone', patch: [{ op: 'add', path: '/undone', value: params.undo }] });
    plugin([{ name: 'first', rollback: true }, { name: 'second' }], { execute, rollback }, { max_in_flight: 2, undo: true });`;
}

async function runSideBySide(patches: { first: object[]; second: object[] }, fields: JsonObject = {}) {
  const { session } = await openScript(sideBySide(patches));
  const context = Object.assign(new OpenContext(), fields);
  const first = new RetryStep(session.step('first'), { delayMs: 0 });
  const journal = new MemoryJournal();
  const run = await recordRun([new ParallelStep([first, session.step('second')])], context, { journal });
  return { ...run, context, journal };
}

function firstOf(report: RunReport): StepReport | undefined {
  return report.steps.find(({ name }) => name === 'parallel/first');
}

describe('remote steps side by side', () => {
  it('CX-10: fail when somebody else changed the place meanwhile, for good, and are undone with what they saved', async () => {
    const { report, error, context } = await runSideBySide({
      first: [{ op: 'add', path: '/shared', value: { a: 1 } }],
      second: [{ op: 'add', path: '/shared', value: { b: 1 } }],
    });
    const first = firstOf(report);
    expect(first).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'context_conflict' } });
    expect(first?.error?.message).toMatch(/'parallel\/first' changed '\/shared'.*'parallel\/second'/);
    expect((error as Error).cause).toMatchObject({ code: 'context_conflict', retryable: false });
    expect(context['shared']).toEqual({ b: 1 });
    expect(context['undone']).toEqual({ made: 'it' });
  });

  it.each([
    ['a value inside the place', '/shared/list/0', '/shared'],
    ['what is around the place', '/shared', '/shared/list'],
    ['the order of a list', '/shared/list/1', '/shared/list/0'],
  ])('CX-10: fail when somebody else changed %s', async (_what, mine, other) => {
    const { report } = await runSideBySide(
      { first: [{ op: 'replace', path: mine, value: 1 }], second: [{ op: 'add', path: other, value: 2 }] },
      { shared: { list: [1, 2] } },
    );
    expect(firstOf(report)?.error?.code).toBe('context_conflict');
  });

  it.each([
    ['fields', '/a', '/b'],
    ['places of one field', '/shared/one', '/shared/two'],
    ['items of one list', '/shared/list/0', '/shared/list/1'],
    ['items at the end of one list', '/shared/list/-', '/shared/list/-'],
  ])('CX-10: both change what they want in different %s', async (_what, mine, other) => {
    const operation = (path: string, value: number) => {
      const isThere = /^\/shared\/list\/\d$/.test(path);
      return [{ op: isThere ? 'replace' : 'add', path, value }];
    };
    const { report, context } = await runSideBySide(
      { first: operation(mine, 10), second: operation(other, 20) },
      { shared: { list: [1, 2] } },
    );
    expect(report.status).toBe('succeeded');
    expect(JSON.stringify(context)).toContain('10');
    expect(JSON.stringify(context)).toContain('20');
  });

  it('CX-10: a step of the host that changes the place is somebody else', async () => {
    const { session } = await openScript(sideBySide({ first: [{ op: 'add', path: '/shared', value: 1 }], second: [] }));
    const context = new OpenContext();
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const local = defineStep<OpenContext>({
      name: 'local',
      execute: async (own) => {
        await hasBegun;
        own['shared'] = [2];
        return StepResult.ok();
      },
    });
    // the plugin answers once the second step has begun, and that is when the local one has ended
    const parallel = new ParallelStep<OpenContext>([session.step('first'), local, session.step('second')], {
      concurrency: 2,
    });
    const onEvent = ({ type }: { readonly type: string }): void => (type === 'undo-saved' ? begun() : undefined);
    const { report } = await recordRun([parallel], context, { onEvent });
    expect(firstOf(report)?.error?.message).toMatch(/'\/shared'.*step 'parallel\/local'/);
    expect(context['shared']).toEqual([2]);
  });

  it('CX-6: what a step of the host changes while the answer of another is taken in is still told to the plugin', async () => {
    const { session } = await openScript(`
      const execute = ({ id, params: { step, context } }) => {
        if (step === 'look') return result(id, { success: true, data: { context } });
        notify('log', { id, seq: 1, level: 'info', event: null, data: null, message: 'begun' });
        notify('undo', { id, seq: 2, data: {} });
      };
      onNotification('undo_saved', ({ id }) => result(id, { success: true, patch: [{ op: 'add', path: '/mine', value: 1 }] }));
      plugin([{ name: 'change' }, { name: 'look' }], { execute }, { context_delta: true });`);
    const reached: Record<string, () => void> = {};
    const hasBegun = new Promise<void>((resolve) => (reached['step-log'] = resolve));
    const isTakenIn = new Promise<void>((resolve) => (reached['context-change'] = resolve));
    const local = defineStep<OpenContext>({
      name: 'local',
      execute: async (context) => {
        await hasBegun;
        (context['rows'] as number[]).push(2);
        await isTakenIn;
        return StepResult.ok();
      },
    });
    const parallel = new ParallelStep<OpenContext>([session.step('change'), local], { concurrency: 2 });
    const context = Object.assign(new OpenContext(), { rows: [1] });
    const { report } = await recordRun([parallel, session.step('look')], context, {
      journal: new MemoryJournal(),
      onEvent: ({ type }: { readonly type: string }) => reached[type]?.(),
    });
    expect(report.steps.at(-1)?.data).toMatchObject({
      context: { patch: [{ op: 'replace', path: '/rows', value: [1, 2] }] },
    });
  });

  it('CX-6: a process that had two calls at a time is sent the whole, whichever of them was answered first', async () => {
    const { session } = await openScript(`
      const open = {};
      const execute = ({ id, params: { step, context } }) => {
        if (step === 'slow') open.slow = id;
        else result(id, { success: true, data: { context } });
        if (step === 'last') result(open.slow, { success: true });
      };
      plugin([{ name: 'slow' }, { name: 'fast' }, { name: 'last' }], { execute }, { context_delta: true, max_in_flight: 2 });`);
    const parallel = new ParallelStep<OpenContext>(
      ['slow', 'fast', 'last'].map((name) => session.step(name)),
      {
        concurrency: 2,
      },
    );
    const { report } = await recordRun([parallel], Object.assign(new OpenContext(), { a: 1 }));
    expect(report.steps.at(-1)?.data).toMatchObject({ context: { full: { a: 1 } } });
  });
});
