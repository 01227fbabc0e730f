import { describe, expectTypeOf, it } from 'vitest';
import { BaseStep, BaseStepContext, Orchestrator, RuntimeContext, StepRegistry, StepResult } from '@synapse-steps/core';
import type { RunJournal, RunReport } from '@synapse-steps/core';

// The quick start, as it is written for people who come from the Python SDK: every line of it must compile unchanged.

declare function loadData(): Promise<string[]>;
declare function processItem(item: string, options: { signal: AbortSignal }): Promise<void>;
declare function unprocess(upTo: number | undefined): Promise<void>;
declare const signal: AbortSignal;
declare const journal: RunJournal;

class ProcessContext extends BaseStepContext {
  data: string[] = [];
  processed = 0;
}

class LoadStep extends BaseStep<ProcessContext> {
  readonly name = 'load';
  readonly progressWeight = 0.3;

  async execute(context: ProcessContext) {
    context.data = await loadData();
    return StepResult.ok({ data: { count: context.data.length } });
  }
}

class ProcessStep extends BaseStep<ProcessContext, { upTo: number }> {
  readonly name = 'process';
  readonly progressWeight = 0.7;

  async execute(context: ProcessContext) {
    for (const item of context.data) {
      await context.saveUndo({ upTo: context.processed + 1 });
      await processItem(item, { signal: context.signal });
      context.processed += 1;
      context.setProgress(context.processed, context.data.length);
    }
    return StepResult.ok();
  }

  override canSkip(context: ProcessContext) {
    return context.data.length === 0;
  }
  override async rollback(context: ProcessContext, result: StepResult<{ upTo: number }>) {
    expectTypeOf(context).toEqualTypeOf<ProcessContext>();
    await unprocess(result.rollbackData.upTo);
  }
}

describe('the quick start', () => {
  it('compiles as it is written', async () => {
    const registry = new StepRegistry<ProcessContext>();
    registry.register(new LoadStep());
    registry.register(new ProcessStep());

    const context = new ProcessContext(new RuntimeContext({ params: { folder: 'in' } }));
    const report = await new Orchestrator(registry, context, {
      onProgress: (percent, total) => {
        expectTypeOf([percent, total]).toEqualTypeOf<number[]>();
      },
      signal,
      journal,
    }).execute();
    expectTypeOf(report).toEqualTypeOf<RunReport>();
  });
});
