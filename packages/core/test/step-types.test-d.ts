import { describe, expectTypeOf, it } from 'vitest';
import { BaseStep, BaseStepContext, defineStep, StepRegistry, StepResult } from '@synapse-steps/core';

class CountContext extends BaseStepContext {
  count = 0;
}

class OtherContext extends BaseStepContext {
  words: string[] = [];
}

class CountStep extends BaseStep<CountContext, { upTo: number }> {
  readonly name = 'count';
  readonly progressWeight = 1;

  execute(context: CountContext): StepResult<{ upTo: number }> {
    return StepResult.ok({ rollbackData: { upTo: context.count } });
  }
}

describe('a step', () => {
  it('gets the context and the undo data of its type', () => {
    defineStep<CountContext, { upTo: number }>({
      name: 'typed',
      execute(context) {
        expectTypeOf(context.count).toEqualTypeOf<number>();
        return StepResult.ok();
      },
      rollback(_context, result) {
        // Every key may be missing: a step that died early had saved less.
        expectTypeOf(result.rollbackData).toEqualTypeOf<Partial<{ upTo: number }>>();
      },
    });
  });

  it('returns undo data of its own shape only', () => {
    expectTypeOf<CountStep['execute']>().returns.toEqualTypeOf<StepResult<{ upTo: number }>>();
    // @ts-expect-error the undo data of this step is a number
    StepResult.ok<{ upTo: number }>({ rollbackData: { upTo: 'three' } });
  });

  it('must have a name and a weight', () => {
    // @ts-expect-error a weight is missing
    class Weightless extends BaseStep {
      readonly name = 'weightless';
      execute(): StepResult {
        return StepResult.ok();
      }
    }
    expectTypeOf<Weightless>().toExtend<BaseStep>();
  });
});

describe('a registry', () => {
  it('takes steps of its context, with any undo data', () => {
    const registry = new StepRegistry<CountContext>();
    expectTypeOf(registry.register).toBeCallableWith(new CountStep());
    expectTypeOf(registry.get('count')).toEqualTypeOf<BaseStep<CountContext>>();
  });

  it('refuses a step that needs another context', () => {
    const needsWords = defineStep<OtherContext>({
      name: 'words',
      execute: (context) => StepResult.ok({ data: { n: context.words.length } }),
    });
    // @ts-expect-error its context has no words
    new StepRegistry<CountContext>().register(needsWords);
  });
});
