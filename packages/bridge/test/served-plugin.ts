import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { BaseStep, BaseStepContext, StepResult } from '@synapse-steps/core';
import { z } from 'zod';
import { servePlugin, type ServedStepTraits } from '../src/serve/index.js';

class ServedTestContext extends BaseStepContext {
  static override readonly state = z.looseObject({ since: z.coerce.date() });
  since = new Date(0);
  model: { path?: string; layers: number[] } = { layers: [] };
}

class ChangeStep extends BaseStep<ServedTestContext> implements ServedStepTraits {
  readonly name = 'change';
  readonly progressWeight = 0.4;
  override readonly title = 'Changes things';
  readonly exclusive = true;
  readonly env = ['PATH'];

  override canSkip(context: ServedTestContext): boolean | string {
    return context.params['skip'] === true && 'told to';
  }

  execute(context: ServedTestContext) {
    context.model.path = 'm.json';
    context.model.layers.push(4);
    Reflect.deleteProperty(context, 'draft');
    return StepResult.ok({ data: { sinceIsDate: context.since instanceof Date, rate: context.stepParams['rate'] } });
  }
}

class TalkStep extends BaseStep<ServedTestContext, { path: string }> {
  readonly name = 'talk';
  readonly progressWeight = 1;

  async execute(context: ServedTestContext) {
    console.log('on console');
    process.stdout.write('{"jsonrpc":"2.0","id":3,"result":{"success":true,"data":{"forged":true}}}\n');
    spawnSync('cat', { stdio: ['ignore', 'ignore', 'inherit'] });
    context.setProgress(1, 2);
    context.setMetrics({ loss: 0.25 });
    context.log('event', { a: 1 }, 'warning');
    context.logMessage('message');
    context.model.path = 'before the undo data';
    await context.saveUndo({ path: 'm.json' });
    return StepResult.fail('half-way', { data: { half: true }, rollbackData: { path: 'n.json' } });
  }

  override rollback(context: ServedTestContext, result: StepResult<{ path: string }>) {
    Object.assign(context, { undone: result.rollbackData, status: result.status });
    return { leftBehind: ['a trace'] };
  }
}

class WaitStep extends BaseStep {
  readonly name = 'wait';
  readonly progressWeight = 1;

  async execute(context: BaseStepContext) {
    await context.saveUndo({ waiting: true });
    await wait(60_000, undefined, { signal: context.signal });
    return StepResult.ok();
  }

  override rollback() {}
}

class BadStep extends BaseStep {
  readonly name = 'bad';
  readonly progressWeight = 1;

  execute(context: BaseStepContext) {
    const kind = context.params['kind'];
    if (kind === 'throws') throw new RangeError('out of range');
    if (kind === 'data') return StepResult.ok({ data: { f: () => 1 }, rollbackData: { kept: 1 } });
    if (kind === 'field') Object.assign(context, { bad: new Map(), good: 1 });
    if (kind === 'number') return StepResult.ok({ data: { big: Number.NaN }, rollbackData: { kept: 2 } });
    if (kind === 'big') {
      return StepResult.ok({ data: { text: 'x'.repeat(9_000_000), token: process.env['BRIDGE_TEST_TOKEN'] ?? null } });
    }
    if (kind === 'undo') return this.saveTooMuch(context);
    if (kind === 'undoes badly') return StepResult.fail('to be undone');
    if (kind === 'large') return StepResult.ok({ data: { text: 'x'.repeat(4_000_000) } });
    if (kind === 'dies') process.exit(9);
    return (kind === 'nothing' ? undefined : StepResult.ok()) as StepResult;
  }

  private async saveTooMuch(context: BaseStepContext) {
    Object.assign(context, { good: 1 });
    const refused = await context.saveUndo({ text: 'x'.repeat(9_000_000) }).then(
      () => false,
      () => true,
    );
    return refused ? StepResult.ok() : StepResult.fail('it was not refused');
  }

  override async rollback(context: BaseStepContext) {
    if (context.params['kind'] === 'undoes badly') await context.saveUndo({ a: 1 });
  }
}

await servePlugin([new ChangeStep(), new TalkStep(), new WaitStep(), new BadStep()], {
  context: ServedTestContext,
  name: 'served',
  version: '1.2.3',
});
