import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BaseStepContext } from '../context/base-step-context.js';
import { RuntimeContext } from '../context/runtime-context.js';
import { CollectingLogger } from '../loggers/collecting-logger.js';
import { JobLogger } from '../loggers/job-logger.js';
import type { StepRegistry } from '../registry/step-registry.js';
import type { RunReport } from '../report/run-report.js';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { BaseAction } from './base-action.js';
import { InvalidParamsError } from './check-params.js';

class CountContext extends BaseStepContext {
  numbers: number[] = [];
}

const CountParams = z.object({ upTo: z.number().int(), fail: z.boolean().default(false) });

interface CountResult {
  readonly sum: number;
}

const undone: string[] = [];

class CountAction extends BaseAction<typeof CountParams, CountContext, CountResult> {
  static override readonly params = CountParams;
  static override readonly result = z.object({ sum: z.number().max(10) });
  override readonly name: string = 'count';

  protected override createContext(runtimeContext: RuntimeContext): CountContext {
    return new CountContext(runtimeContext);
  }

  override setupSteps(registry: StepRegistry<CountContext>): void {
    registry.register(
      defineStep({
        name: 'fill',
        execute: (context) => {
          this.log('filling', { upTo: this.params.upTo });
          context.numbers = Array.from({ length: this.params.upTo }, (_, index) => index + 1);
          return StepResult.ok();
        },
        rollback: () => void undone.push('fill'),
      }),
    );
    registry.register(
      defineStep({
        name: 'check',
        execute: (context) => (context.params['fail'] === true ? StepResult.fail('told to') : StepResult.ok()),
        rollback: () => void undone.push('check'),
      }),
    );
  }

  protected override createResult(_report: RunReport, context: CountContext): CountResult {
    return { sum: context.numbers.reduce((sum, number) => sum + number, 0) };
  }
}

describe('an action with steps', () => {
  it('may register some of them late, in an async setupSteps', async () => {
    class LateAction extends CountAction {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- as those write it who do not lint
      override async setupSteps(registry: StepRegistry<CountContext>): Promise<void> {
        super.setupSteps(registry);
        await new Promise<void>((resolve) => void setTimeout(resolve, 0)); // as if it asked somebody
        registry.insertBefore('check', defineStep({ name: 'late', execute: () => StepResult.ok() }));
      }
    }
    const { registry } = await new LateAction({ upTo: 1 }).prepare();
    expect([...registry].map(({ name }) => name)).toEqual(['fill', 'late', 'check']);
  });

  it('resolves to its result, made of the context after the last step', async () => {
    expect(await new CountAction({ upTo: 3 }).run()).toEqual({ sum: 6 });
  });

  it('tells a job how far it is by the shares that it declares, not by the weights of its steps', async () => {
    class SharedAction extends CountAction {
      static override readonly proportions = { fill: 10, check: 30, elsewhere: 60 };
    }
    const logger = new JobLogger({ updateJob: () => undefined, createLogs: () => undefined }, 'job-1');
    await new SharedAction({ upTo: 3 }, new RuntimeContext({ logger })).run();
    await logger.finish();
    expect(logger.getProgressRecord()).toMatchObject({
      record: { steps: { fill: { proportion: 10, order: 0, percent: 100 }, check: { proportion: 30, order: 1 } } },
      current_progress: { overall: 100 },
    });
  });

  it('refuses shares that are none', async () => {
    class WrongAction extends CountAction {
      static override readonly proportions = { fill: -1 };
    }
    await expect(new WrongAction({ upTo: 3 }).run()).rejects.toThrow(
      "The proportion of the step 'fill' is -1. It must be a number of 0 or more.",
    );
  });

  it('rejects as a workflow does when a step fails, with everything undone', async () => {
    undone.length = 0;
    const failure = await new CountAction({ upTo: 3, fail: true }).run().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: "Step 'check' failed: told to",
      report: { workflow: 'count', status: 'rolled-back' },
    });
    expect(undone).toEqual(['check', 'fill']);
  });

  it('is cancelled by the signal that run is given', async () => {
    const failure = new CountAction({ upTo: 3 }).run({ signal: AbortSignal.abort('enough') });
    await expect(failure).rejects.toMatchObject({ code: 'run_cancelled', cause: 'enough' });
  });

  it('lets a subclass call super.setupSteps and insert', async () => {
    class DoublingAction extends CountAction {
      override setupSteps(registry: StepRegistry<CountContext>): void {
        super.setupSteps(registry);
        registry.insertAfter(
          'fill',
          defineStep({
            name: 'double',
            execute: (context) => {
              context.numbers = context.numbers.map((number) => number * 2);
              return StepResult.ok();
            },
          }),
        );
      }
    }
    const action = new DoublingAction({ upTo: 2 });
    expect((await action.prepare()).registry.getSteps().map(({ name }) => name)).toEqual(['fill', 'double', 'check']);
    expect(await action.run()).toEqual({ sum: 6 });
  });

  it('lends its steps what the host lent it, and its own params instead of the host’s', async () => {
    const client = { name: 'client' };
    const host = new RuntimeContext({ client, params: { other: 1 }, jobId: 'job' });
    const { context } = await new CountAction({ upTo: 1 }, host).prepare();
    expect(context.runtimeContext).toMatchObject({ client, jobId: 'job', params: { upTo: 1, fail: false } });
    expect(host.params).toEqual({ other: 1 });
  });

  it('says what it logs in a step for that step', async () => {
    const logger = new CollectingLogger();
    await new CountAction({ upTo: 1 }, new RuntimeContext({ logger })).run();
    expect(logger.entries.find(({ event }) => event === 'filling')).toMatchObject({ step: 'fill', data: { upTo: 1 } });
  });

  it('warns of a result that is not as its schema says, and returns it as it is', async () => {
    const logger = new CollectingLogger();
    expect(await new CountAction({ upTo: 5 }, new RuntimeContext({ logger })).run()).toEqual({ sum: 15 });
    const [warning] = logger.entries.filter(({ level }) => level === 'warning');
    expect(warning?.data).toEqual({
      content: 'The result of count is not as its schema says:\n  sum: Too big: expected number to be <=10',
    });
  });

  it('has a result without saying one: whether it succeeded, and how many steps it took', async () => {
    class PlainAction extends BaseAction {
      override setupSteps(registry: StepRegistry): void {
        registry.register(defineStep({ name: 'a', execute: () => StepResult.ok() }));
        registry.register(defineStep({ name: 'b', canSkip: () => true, execute: () => StepResult.ok() }));
      }
    }
    expect(await new PlainAction({}).run()).toEqual({ success: true, stepsExecuted: 1, stepsTotal: 2 });
  });
});

describe('params', () => {
  it('that are not right are all named, with what was expected, before anything runs', async () => {
    undone.length = 0;
    const action = new CountAction({ upTo: 'many', fail: 1 } as never);
    const error: unknown = await action.run().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(InvalidParamsError);
    expect(error).toMatchObject({
      code: 'invalid_params',
      message: [
        'The params of count are not right:',
        '  upTo: Invalid input: expected number, received string',
        '  fail: Invalid input: expected boolean, received number',
      ].join('\n'),
      problems: [
        { path: ['upTo'], code: 'invalid_type' },
        { path: ['fail'], code: 'invalid_type' },
      ],
    });
    expect(undone).toEqual([]);
  });

  it('may be checked with the help of what the host lent, beside the checks of the schema', async () => {
    class StoredAction extends CountAction {
      protected override paramsSchema(): z.ZodType {
        const client = this.runtimeContext.client as { readonly known: number };
        const known = CountParams.shape.upTo.refine(async (upTo) => upTo === client.known, {
          error: 'there is no such number',
          params: { code: 'number_not_found' },
        });
        return CountParams.extend({ upTo: known });
      }
    }
    const host = new RuntimeContext({ client: { known: 3 } });
    expect(await new StoredAction({ upTo: 3 }, host).run()).toEqual({ sum: 6 });
    const error: unknown = await new StoredAction({ upTo: 4, fail: 'no' } as never, host)
      .run()
      .catch((e: unknown) => e);
    if (!(error instanceof InvalidParamsError)) throw error;
    expect(error.problems.map(({ path, code }) => `${path.join('.')}: ${code}`).toSorted()).toEqual([
      'fail: invalid_type',
      'upTo: number_not_found',
    ]);
  });

  it('that a schema makes no JSON of are refused by name', async () => {
    class DateAction extends BaseAction {
      static override readonly params = z.object({ since: z.string().transform(() => new Map()) });
      override execute(): string {
        return 'never';
      }
    }
    await expect(new DateAction({ since: '2026' }).run()).rejects.toThrow(
      /The params of DateAction cannot be written as JSON: an instance of Map at \/since/,
    );
  });

  it('are not known before they are checked', () => {
    expect(() => new CountAction({ upTo: 1 }).params).toThrow('The params of count are known once it runs');
  });
});

it('a class of actions is known by a brand', () => {
  expect([CountAction, BaseAction, CountContext, () => 1, {}, null].map((value) => BaseAction.isClass(value))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
