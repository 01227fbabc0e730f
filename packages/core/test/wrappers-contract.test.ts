import { describe, expect, it } from 'vitest';

import {
  ConfiguredStep,
  LoggingStep,
  ParallelStep,
  RetryStep,
  StepResult,
  TimeoutStep,
  TimingStep,
  type BaseStep,
} from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import {
  eventsOf,
  failing,
  play,
  traced,
  untilAborted,
  type Played,
  type TracedOptions,
  type TraceContext,
} from './contract-steps.js';

// The table in docs/wrappers.md is what these runs came to: it cannot say what is not so.

type Step = BaseStep<TraceContext>;
type Wrap = (step: Step) => Step;
const LIMIT_MS = 100;
const WORK_MS = 10;

const retry: Wrap = (step) => new RetryStep(step, { attempts: 3, delayMs: 0 });
const timeout: Wrap = (step) => new TimeoutStep(step, { timeoutMs: LIMIT_MS });
const logging: Wrap = (step) => new LoggingStep(step);
const timing: Wrap = (step) => new TimingStep(step);
const renamed: Wrap = (step) => new ConfiguredStep(step, { name: 'y', weight: 5 });
const parallel: Wrap = (step) => new ParallelStep<TraceContext>([step], { name: 'p' });

const combinations: readonly (readonly [string, Wrap])[] = [
  ['x', (x) => x],
  ['Retry(x)', retry],
  ['Timeout(x)', timeout],
  ['Logging(x)', logging],
  ['Timing(x)', timing],
  ['Configured(x, name y, weight 5)', renamed],
  ['Parallel(x)', parallel],
  ['Retry(Timeout(x))', (x) => retry(timeout(x))],
  ['Timeout(Retry(x))', (x) => timeout(retry(x))],
  ['Logging(Retry(x))', (x) => logging(retry(x))],
  ['Retry(Logging(x))', (x) => retry(logging(x))],
  ['Timing(Retry(x))', (x) => timing(retry(x))],
  ['Retry(Timing(x))', (x) => retry(timing(x))],
  ['Logging(Timing(x))', (x) => logging(timing(x))],
  ['Timing(Logging(x))', (x) => timing(logging(x))],
  ['Configured(Retry(Timeout(x)))', (x) => renamed(retry(timeout(x)))],
  ['Parallel(Retry(x))', (x) => parallel(retry(x))],
  ['Retry(Parallel(x))', (x) => retry(parallel(x))],
  ['Parallel(Timeout(x))', (x) => parallel(timeout(x))],
  ['Timeout(Parallel(x))', (x) => timeout(parallel(x))],
  ['Retry(Timeout(Parallel(x)))', (x) => retry(timeout(parallel(x)))],
  ['Logging(Parallel(x))', (x) => logging(parallel(x))],
  ['Parallel(Logging(x))', (x) => parallel(logging(x))],
];

/** One run of the wrapped step, with what a row needs of it. */
async function run(wrap: Wrap, options: TracedOptions, after: readonly Step[] = []): Promise<Played<TraceContext>> {
  const x = traced('x', { progressWeight: 3, title: 'Fetch rows', ...options });
  return play([wrap(x), ...after], { clock: new ManualClock() });
}

function times(played: Played<TraceContext>, what: string): number {
  return played.context.trace.filter((line) => line === what).length;
}

function count(number: number, what: 'try' | 'undo'): string {
  if (number === 1) return `1 ${what}`;
  return `${number} ${what === 'try' ? 'tries' : 'undos'}`;
}

function outlined(wrap: Wrap): string[] {
  const step = wrap(traced('x', { progressWeight: 3, title: 'Fetch rows' }));
  const { title = step.children?.map((child) => `${child.title ?? '–'} in the child`).join() ?? '–' } = step;
  return [step.name, String(step.progressWeight), title];
}

function declared(wrap: Wrap): string {
  const step = wrap(traced('x', { optional: true, pivot: true }));
  const [child] = step.children ?? [];
  if (step.optional === true && step.pivot === true) return 'kept';
  return child?.optional === true && child.pivot === true ? 'of the child' : 'lost';
}

async function skipped(wrap: Wrap): Promise<string> {
  const played = await run(wrap, { canSkip: () => 'not needed' });
  const of = played.report.steps.filter(({ status }) => status === 'skipped').map(({ name }) => name);
  return times(played, 'x') === 0 && played.report.success ? `${of.join(', ')} skipped` : 'no';
}

async function undone(wrap: Wrap): Promise<string> {
  const ids: unknown[] = [];
  const played = await run(
    wrap,
    {
      async execute(context) {
        await context.saveUndo({ id: 7 });
        return StepResult.ok();
      },
      rollback: (_context, { rollbackData }) => void ids.push(rollbackData['id']),
    },
    [failing('z')],
  );
  const named = played.report.rollback?.steps.find(({ outcome, name }) => outcome === 'undone' && name !== 'z')?.name;
  return ids.length === 1 && ids[0] === 7 ? `${named} once` : `wrong: ${ids.join()}`;
}

async function failsTwice(wrap: Wrap): Promise<string[]> {
  const clock = new ManualClock();
  let tries = 0;
  const x = traced('x', {
    progressWeight: 3,
    async execute() {
      await new Promise<void>((resolve) => void clock.after(WORK_MS, resolve));
      tries += 1;
      if (tries <= 2) throw new Error('not yet');
      return StepResult.ok();
    },
  });
  const played = await play([wrap(x)], { clock });
  const undos = times(played, 'undo x');
  const lines = eventsOf(played.events, 'step-log').flatMap(({ event }) => event ?? []);
  const counted = [...new Set(lines)].map((line) => `${lines.filter((one) => one === line).length} × ${line}`);
  return [
    `${played.report.success ? 'succeeds' : 'fails'}: ${count(tries, 'try')}, ${count(undos, 'undo')}`,
    counted.join(', ') || '–',
  ];
}

/** With a limit around it: when does a step end that only stops when it is told to, and how? */
async function waits(label: string, wrap: Wrap): Promise<string> {
  if (!label.includes('Timeout')) return '–';
  const played = await run(wrap, { execute: (context) => untilAborted(context.signal) });
  const { error } = played.report;
  return `${error?.code ?? 'none'} at ${played.clock.now()} ms, ${count(times(played, 'x'), 'try')}`;
}

async function measured(wrap: Wrap): Promise<string> {
  const clock = new ManualClock();
  let tries = 0;
  const x = traced('x', {
    async execute() {
      await new Promise<void>((resolve) => void clock.after(WORK_MS, resolve));
      tries += 1;
      return tries === 1 ? StepResult.fail('once') : StepResult.ok();
    },
  });
  const { report } = await play([wrap(x)], { clock });
  const seconds = (report.steps[0]?.data as Record<string, unknown> | undefined)?.['duration_seconds'];
  return typeof seconds === 'number' && report.success ? `${seconds * 1000} ms in ${count(tries, 'try')}` : '–';
}

async function row(label: string, wrap: Wrap): Promise<string> {
  const [outcome = '', lines = ''] = await failsTwice(wrap);
  const cells = [
    `\`${label}\``,
    ...outlined(wrap),
    declared(wrap),
    await skipped(wrap),
    await undone(wrap),
    outcome,
    await waits(label, wrap),
    lines,
    await measured(wrap),
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = `# What wrappers do to a step

This table is written by \`test/wrappers-contract.test.ts\` from runs of each combination, and checked by it (\`npx vitest run
packages/core/test/wrappers-contract.test.ts -u\` writes it anew). The outermost wrapper is named first.

The step: \`x\`, weight 3, title "Fetch rows", with a \`rollback\`. Retry has 3 attempts without a pause, Timeout ${LIMIT_MS} ms.

- **optional, pivot** – whether the wrapped step counts as what \`x\` declares. A parallel step stands for itself; its child keeps what
  it declares.
- **canSkip** – what is skipped when \`canSkip\` of \`x\` says so.
- **undo** – which undo runs, with the data that \`x\` saved, when a later step fails.
- **x fails twice** – what becomes of the run when the first two tries of \`x\` fail, and the log events of that run.
- **x waits** – when \`x\` does nothing but wait for its signal: how the run ends, after how long.
- **duration** – \`duration_seconds\` in the result's data when \`x\` takes ${WORK_MS} ms and fails once.

| combination | name | weight | title | optional, pivot | canSkip | undo | x fails twice | x waits | log events | duration |
|---|---|---|---|---|---|---|---|---|---|---|
`;

describe('wrappers', () => {
  it('CT-3, CT-4, V-5: the table of combinations in the docs is what they do', async () => {
    const rows: string[] = [];
    for (const [label, wrap] of combinations) rows.push(await row(label, wrap));
    await expect(`${HEAD}${rows.join('\n')}\n`).toMatchFileSnapshot('../docs/wrappers.md');
  });

  it('CT-3: the order of retry and time limit is the order in which they are written', async () => {
    const hangs: TracedOptions = { execute: (context) => untilAborted(context.signal) };
    const each = await run((x) => retry(timeout(x)), hangs);
    expect([times(each, 'x'), times(each, 'undo x'), each.clock.now()]).toEqual([3, 3, 3 * LIMIT_MS]);
    const all = await run((x) => timeout(retry(x)), hangs);
    expect([times(all, 'x'), times(all, 'undo x'), all.clock.now()]).toEqual([1, 1, LIMIT_MS]);
  });

  it('RB-11, RB-14: optional and pivot mean the same in every wrapper that is no parallel step', async () => {
    for (const [label, wrap] of combinations) {
      if (label.includes('Parallel')) continue;
      const optional = await run(wrap, { optional: true, execute: () => StepResult.fail('no') }, [traced('z')]);
      expect(optional.report.success, label).toBe(true);
      expect(optional.context.trace.slice(-2), label).toEqual(['undo x', 'z']);
      const kept = await run(wrap, { pivot: true }, [failing('z')]);
      expect(
        kept.report.rollback?.steps.map(({ outcome }) => outcome),
        label,
      ).toEqual(['undone', 'kept']);
    }
  });

  it('RB-1, RB-2: irreversible and rollbackOwnFailure mean the same in every wrapper', async () => {
    for (const [label, wrap] of combinations) {
      const mail = await run(wrap, { irreversible: true, rollback: 'none' }, [failing('z')]);
      expect(
        mail.report.rollback?.steps.map(({ outcome }) => outcome),
        label,
      ).toContain('irreversible');
      const own = await run(wrap, { rollbackOwnFailure: false, execute: () => StepResult.fail('no') });
      expect(times(own, 'undo x'), label).toBe(0);
    }
  });

  it('CT-4: a wrapped step keeps its own params and its children', async () => {
    const inner = new ConfiguredStep(
      traced('x', { execute: (context) => StepResult.ok({ data: { ...context.stepParams } }) }),
      { params: { rate: 0.1 } },
    );
    for (const wrap of [retry, timeout, logging, timing]) {
      const { report } = await play([wrap(inner)]);
      expect(report.steps[0]?.data).toMatchObject({ rate: 0.1 });
      expect(wrap(parallel(inner)).children?.map(({ name }) => name)).toEqual(['x']);
    }
    const child = await play([parallel(inner)]);
    expect(child.report.steps[1]?.data).toEqual({ rate: 0.1 });
  });
});
