import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { BaseStepContext } from '../context/base-step-context.js';
import type { RunEvent } from '../events/run-event.js';
import { Orchestrator } from '../orchestrator/orchestrator.js';
import { StepResult } from '../step/step-result.js';
import { BaseAction } from './base-action.js';

const undone: string[] = [];

describe('an action without steps', () => {
  class WriteAction extends BaseAction<z.ZodType, BaseStepContext, number[]> {
    override async execute(context: BaseStepContext): Promise<number[]> {
      await context.saveUndo({ file: 'x' });
      this.setProgress(1, 2);
      if (context.params['fail'] === true) throw new Error('disk full');
      return [1, 2];
    }

    override rollback(_context: BaseStepContext, result: StepResult): void {
      undone.push(JSON.stringify(result.rollbackData));
    }
  }

  it('does its work in execute, and returns what that returns', async () => {
    expect(await new WriteAction({}).run()).toEqual([1, 2]);
  });

  it('is undone by its rollback, with what it had saved', async () => {
    undone.length = 0;
    await expect(new WriteAction({ fail: true }).run()).rejects.toThrow("Step 'execute' failed: disk full");
    expect(undone).toEqual(['{"file":"x"}']);
  });

  it('fails when execute returns a result that says so', async () => {
    class SayingAction extends BaseAction {
      override execute(): StepResult {
        return StepResult.fail('no');
      }
    }
    await expect(new SayingAction({}).run()).rejects.toThrow("Step 'execute' failed: no");
  });

  it('returns, in a run that goes on after its work was done, what is recorded of it', async () => {
    const history: RunEvent[] = [];
    const { registry, context } = await new WriteAction({}).prepare();
    const orchestrator = new Orchestrator(registry, context);
    orchestrator.events.subscribe((event) => void history.push(event));
    await orchestrator.execute();
    const untilItsEnd = history.filter(({ type }) => type !== 'run-progress' && type !== 'run-end');
    expect(await new WriteAction({}).run({ history: untilItsEnd })).toEqual({ result: [1, 2] });
  });

  it('must have an execute', async () => {
    class EmptyAction extends BaseAction {}
    await expect(new EmptyAction({}).run()).rejects.toThrow(
      'No steps registered in EmptyAction. Override setupSteps() to register workflow steps, or execute().',
    );
  });
});
