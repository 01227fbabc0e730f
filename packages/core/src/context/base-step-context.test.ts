import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { Orchestrator } from '../orchestrator/orchestrator.js';
import { StepRegistry } from '../registry/step-registry.js';
import type { BaseStep } from '../step/base-step.js';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { recordRun } from '../testing/record-run.js';
import { StandInCall } from '../testing/stand-in-call.js';
import { BaseStepContext } from './base-step-context.js';

class ModelContext extends BaseStepContext {
  static override readonly transient = ['connection'];
  static override readonly state = z.object({ since: z.iso.datetime().transform((text) => new Date(text)) });
  since = new Date(0);
  tags: string[] = [];
  connection: unknown = { open: () => true };
}

describe('what a context knows of its run', () => {
  it('is every result in order, what went wrong beside it, and no part of its state', async () => {
    const context = new ModelContext();
    const seen: number[] = [];
    const step = (name: string, result: () => StepResult, skip = false): BaseStep<ModelContext> =>
      defineStep<ModelContext>({
        name,
        canSkip: () => skip,
        execute: (here) => {
          seen.push(here.currentStepOrder ?? -1);
          return result();
        },
        rollback: () => {
          throw new Error(`cannot undo ${name}`);
        },
      });
    const steps = [
      step('a', () => StepResult.ok({ data: { n: 1 } })),
      step('b', () => StepResult.ok(), true),
      step('c', () => StepResult.fail('no')),
    ];
    await recordRun(steps, context);
    expect(context.stepResults.map(({ success, skipped, error }) => [success, skipped, error])).toEqual([
      [true, false, null],
      [true, true, null],
      [false, false, 'no'],
    ]);
    expect(context.errors).toEqual([
      "Rollback failed for step 'c': cannot undo c",
      "Rollback failed for step 'a': cannot undo a",
    ]);
    expect(seen).toEqual([0, 2]);
    expect(Object.keys(context.toJSON())).toEqual(['since', 'tags']);
  });

  it('is whether people were told of the failure', () => {
    const context = new BaseStepContext();
    expect(context.userFailureMessageEmitted).toBe(false);
    context.markUserFailureEmitted();
    expect(context.userFailureMessageEmitted).toBe(true);
  });

  it('belongs to the outer step again after a run inside it, also in an undo', async () => {
    const lines: (string | undefined)[] = [];
    const inner = async (here: BaseStepContext): Promise<void> => {
      const registry = new StepRegistry().register(
        defineStep({
          name: 'inner',
          execute: (context: BaseStepContext) => {
            lines.push(context.currentStep);
            return StepResult.ok();
          },
        }),
      );
      await new Orchestrator(registry, here).execute();
      lines.push(here.currentStep);
    };
    const outer = defineStep({
      name: 'outer',
      execute: async (here: BaseStepContext) => {
        await inner(here);
        return StepResult.ok();
      },
      rollback: inner,
    });
    await recordRun([outer, defineStep({ name: 'last', execute: () => StepResult.fail('no') })], new BaseStepContext());
    expect(lines).toEqual(['inner', 'outer', 'inner', 'outer']);
  });
});

describe('changes from outside', () => {
  function patched(...operations: Parameters<BaseStepContext['patch']>[0]): ModelContext {
    const context = new ModelContext();
    StandInCall.on(context, 'step');
    context.patch(operations);
    return context;
  }

  it('get their types back by the schema of the context', () => {
    const context = patched({ op: 'replace', path: '/since', value: '2026-02-17T10:00:00Z' });
    expect(context.since).toEqual(new Date('2026-02-17T10:00:00Z'));
  });

  it('are refused as a whole when one of them does not fit', () => {
    const context = new ModelContext();
    StandInCall.on(context, 'step');
    const change = (): void =>
      context.patch([
        { op: 'replace', path: '/tags', value: ['x'] },
        { op: 'replace', path: '/since', value: 'yesterday' },
      ]);
    expect(change).toThrow(expect.objectContaining({ code: 'invalid_context_field', details: { field: 'since' } }));
    expect(context.tags).toEqual([]);
  });

  it.each([
    '/__proto__/polluted',
    '/tags/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/toString',
    '/errors',
  ])('cannot reach %s', (path) => {
    expect(() => patched({ op: 'add', path, value: 'yes' })).toThrow(SynapseStepsError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('name the field that is no JSON when the context has to cross', () => {
    const context = new ModelContext();
    context.tags = [() => 'x'] as unknown as string[];
    expect(() => context.toJSON()).toThrow(/field 'tags'/);
  });
});
