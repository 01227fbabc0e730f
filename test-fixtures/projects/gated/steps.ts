import { BaseStep, StepResult, type BaseStepContext } from '@synapse-steps/core';
import { gateOpens } from './gate.js';

/** Its undo waits for the file `undo-first`, if the param `slowUndo` is set. */
export class FirstStep extends BaseStep {
  readonly name = 'first';
  readonly progressWeight = 1;

  async execute(context: BaseStepContext): Promise<StepResult> {
    await context.saveUndo({ made: 'first' });
    return StepResult.ok();
  }

  override async rollback(context: BaseStepContext): Promise<void> {
    context.logMessage('undo of first begins');
    if (context.params['slowUndo'] === true) await gateOpens(context.runtimeContext.workDir, 'undo-first');
  }
}

/** Reports half of its work, then waits for the file `go`. */
export class GatedStep extends BaseStep {
  readonly name = 'gated';
  readonly progressWeight = 3;

  async execute(context: BaseStepContext): Promise<StepResult> {
    console.log('printed by the step itself');
    context.logMessage('\u001b[2Jat the gate\u0007');
    context.setMetrics({ loss: 0.25 });
    context.setProgress(2, 4);
    const { deaf } = context.params;
    await gateOpens(context.runtimeContext.workDir, 'go', deaf === true ? undefined : context.signal);
    context.signal.throwIfAborted();
    if (context.params['fail'] === true) return StepResult.fail('failed on purpose');
    return StepResult.ok({ data: { at: new Map(), ratio: Number.NaN, fine: 1 } });
  }

  override rollback(): void {}
}

/** Cannot undo what it did. */
export class StubbornStep extends BaseStep {
  readonly name = 'stubborn';
  readonly progressWeight = 1;

  execute(): StepResult {
    return StepResult.ok();
  }

  override rollback(): { leftBehind: string[] } {
    return { leftBehind: ['a mail that was sent'] };
  }
}

/** Fails, and so does its undo. */
export class HopelessStep extends BaseStep {
  readonly name = 'hopeless';
  readonly progressWeight = 1;

  execute(): StepResult {
    return StepResult.fail('no hope');
  }

  override rollback(): { leftBehind: string[] } {
    return { leftBehind: ['a file'] };
  }
}
