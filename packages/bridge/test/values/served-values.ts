// Makes values from descriptions and tells whether those that arrive are the same, served by the SDK for Node: values.py of
// test-fixtures/plugins does the same in Python.
import { isDeepStrictEqual } from 'node:util';
import { BaseStep, BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import { servePlugin } from '../../src/serve/index.js';
import { type Description, makeValue } from './make-value.js';

class ValueContext extends BaseStepContext {
  there: unknown[] = [];
  made: unknown[] = [];
  back: unknown[] = [];
  undone = false;
}

class CompareStep extends BaseStep<ValueContext> {
  readonly name = 'compare';
  readonly progressWeight = 1;

  async execute(context: ValueContext) {
    const made = madeIn(context);
    const wrong = made.flatMap((value, at) => (isDeepStrictEqual(context.there[at], value) ? [] : [at]));
    context.made = made;
    context.back = [...context.there];
    await context.saveUndo({ made });
    return StepResult.ok({ data: { made, wrong } });
  }

  override rollback(context: ValueContext, result: StepResult) {
    const made = madeIn(context);
    context.undone =
      isDeepStrictEqual(result.rollbackData['made'], made) && isDeepStrictEqual(result.data['made'], made);
  }
}

function madeIn(context: ValueContext): unknown[] {
  return (context.stepParams['descriptions'] as unknown as Description[]).map(makeValue);
}

const fail = defineStep({ name: 'fail', progressWeight: 1, execute: () => StepResult.fail('so that all is undone') });
await servePlugin([new CompareStep(), fail], { context: ValueContext });
