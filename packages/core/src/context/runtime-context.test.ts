import { describe, expect, it } from 'vitest';
import { CollectingLogger } from '../loggers/collecting-logger.js';
import { EventLogger } from '../loggers/event-logger.js';
import { NoneLogger } from '../loggers/none-logger.js';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { Orchestrator } from '../orchestrator/orchestrator.js';
import { StepRegistry } from '../registry/step-registry.js';
import { recordRun } from '../testing/record-run.js';
import { StandInCall } from '../testing/stand-in-call.js';
import { BaseStepContext } from './base-step-context.js';
import { PluginEnvironment } from './plugin-environment.js';
import { RuntimeContext } from './runtime-context.js';

function contextWith(logger: CollectingLogger): BaseStepContext {
  return new BaseStepContext(new RuntimeContext({ logger }));
}

describe('what is said', () => {
  it('goes to the logger directly while no run is on', () => {
    const logger = new CollectingLogger();
    const context = contextWith(logger);
    logger.setStep('phase');
    context.log('e', { n: 1 });
    context.runtimeContext.logDevEvent('note');
    context.setProgress(1, 4);
    context.setMetrics({ loss: 1 });
    expect(logger.entries.map(({ event, step }) => [event, step])).toEqual([
      ['e', 'phase'],
      ['dev_event', 'phase'],
    ]);
    expect(logger.getProgress('phase')?.percent).toBe(25);
    expect(logger.getMetrics('phase')).toEqual({ loss: 1 });
  });

  it('becomes events of the run while one is on, which the logger reads; once each', async () => {
    const logger = new CollectingLogger();
    const context = contextWith(logger);
    const step = defineStep({
      name: 'load',
      execute: (here: BaseStepContext) => {
        here.log('own', {}, { file: 'x.png' });
        here.runtimeContext.logMetric('train', 'loss', { value: 0.5 });
        here.logMessage({ en: 'hi', ko: '안녕' }, { language: 'ko' });
        return StepResult.ok();
      },
    });
    const { events } = await recordRun([step], context);
    expect(events.filter(({ type }) => type === 'step-log')).toHaveLength(3);
    expect(logger.entries.map(({ event, step: of, file }) => [event, of, file])).toEqual([
      ['own', 'load', 'x.png'],
      ['metric', 'load', undefined],
      ['message', 'load', undefined],
    ]);
    expect(logger.entries[2]?.data).toEqual({ content: '안녕' });
  });

  it('in an undo belongs to the step that is undone, also on the runtime context', async () => {
    const logger = new CollectingLogger();
    const first = defineStep({
      name: 'first',
      execute: () => StepResult.ok(),
      rollback: (here: BaseStepContext) => {
        here.log('undo');
        here.runtimeContext.log('undo too');
      },
    });
    await recordRun([first, defineStep({ name: 'second', execute: () => StepResult.fail('no') })], contextWith(logger));
    expect(logger.entries.map(({ step }) => step)).toEqual(['first', 'first']);
  });

  it('is refused when it is no object, and fails the step that said it', async () => {
    const step = defineStep({
      name: 'load',
      execute: (here: BaseStepContext) => {
        here.log('e', [1] as unknown as Record<string, unknown>);
        return StepResult.ok();
      },
    });
    const { error } = await recordRun([step], contextWith(new CollectingLogger()));
    expect(error).toMatchObject({
      message: "Step 'load' failed: The data of a log line must be an object, got a list.",
    });
  });
});

it('a logger that listens to nothing makes the run build no events', () => {
  const registry = new StepRegistry().register(defineStep({ name: 'a', execute: () => StepResult.ok() }));
  const context = new BaseStepContext(new RuntimeContext({ logger: new NoneLogger() }));
  const orchestrator = new Orchestrator(registry, context);
  void orchestrator.execute();
  expect(orchestrator.events.hasReaders).toBe(false);
});

it('an event logger lets code that only knows loggers write into the run', async () => {
  const step = defineStep({
    name: 'load',
    execute: (here: BaseStepContext) => {
      const logger = new EventLogger(here);
      logger.warning('careful');
      logger.setProgress(1, 2);
      logger.setMetrics({ rows: 3 });
      return StepResult.ok();
    },
  });
  const { events } = await recordRun([step], new BaseStepContext());
  expect(events).toContainEqual(expect.objectContaining({ type: 'step-log', step: 'load', level: 'warning' }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'step-progress', category: 'load', fraction: 0.5 }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'step-metric', metrics: { rows: 3 } }));
});

it('refuses a logger that is none', () => {
  expect(() => new RuntimeContext({ logger: {} as CollectingLogger })).toThrow('must be a BaseLogger');
});

it('a stand-in lets code speak for a step without a run', async () => {
  const logger = new CollectingLogger();
  const context = contextWith(logger);
  const call = StandInCall.on(context, 'load', 2);
  context.log('e');
  await context.saveUndo({ path: 'x' });
  expect([context.currentStep, context.currentStepOrder, call.undoData]).toEqual(['load', 2, { path: 'x' }]);
  call.end();
  expect(context.currentStep).toBeUndefined();
  expect(logger.entries[0]?.step).toBe('load');
});

describe('settings', () => {
  const env = new PluginEnvironment({ N: '3', F: '1.5', YES: 'Yes', NO: '0', LIST: 'a, b,c', BAD: 'x', EMPTY: '' });

  it('are read by type, with defaults for what is not set', () => {
    expect([env.getInteger('N'), env.getNumber('F'), env.getBoolean('YES'), env.getBoolean('NO')]).toEqual([
      3,
      1.5,
      true,
      false,
    ]);
    expect(env.getList('LIST')).toEqual(['a', 'b', 'c']);
    expect(env.getList('EMPTY')).toEqual([]);
    expect([env.getText('X', 'd'), env.getInteger('X'), env.getBoolean('X', true)]).toEqual(['d', undefined, true]);
  });

  it('that are of another type are refused by name', () => {
    expect(() => env.getNumber('BAD')).toThrow("BAD must be a number, got 'x'");
    expect(() => env.getInteger('F')).toThrow('F must be a whole number');
    expect(env.getText('toString')).toBeUndefined();
  });

  it('are taken over by prefix, cut or kept', () => {
    const all = { APP_A: '1', APP_B: undefined, OTHER: '2' };
    expect(PluginEnvironment.from(all, { prefix: 'APP_' }).toObject()).toEqual({ A: '1' });
    expect(PluginEnvironment.from(all, { prefix: 'X', prefixes: ['APP_'] }).toObject()).toEqual({ APP_A: '1' });
    expect(PluginEnvironment.from(all).toObject()).toEqual({ APP_A: '1', OTHER: '2' });
  });
});
