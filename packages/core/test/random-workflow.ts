import fc from 'fast-check';

import {
  type BaseStep,
  BaseStepContext,
  ConfiguredStep,
  LoggingStep,
  ParallelStep,
  RetryStep,
  StepResult,
  TimeoutStep,
  TimingStep,
  BaseStep as Step,
} from '../src/index.js';

export class WorldContext extends BaseStepContext {
  counter = 0;
}

/** What the steps of a test did outside the run: it survives a crash of the host, as a disk does. */
export class World {
  readonly effects = new Set<string>();
  readonly log: string[] = [];
}

export interface StepPlan {
  readonly name: string;
  readonly weight: number;
  readonly async: boolean;
  readonly skip: false | true | 'throw';
  /** One for each attempt; the last one repeats. */
  readonly outcomes: readonly ('ok' | 'fail' | 'throw' | 'skip' | 'no-result' | 'hang')[];
  readonly saves: boolean;
  readonly rollback: 'ok' | 'throw-once' | 'throw' | 'left-behind' | 'none';
  readonly traits: {
    readonly optional?: boolean;
    readonly pivot?: boolean;
    readonly irreversible?: boolean;
    readonly rollbackOwnFailure?: boolean;
  };
  readonly wrap: readonly ('logging' | 'timing' | 'retry' | 'timeout')[];
}

export type Plan = StepPlan | { readonly parallel: readonly StepPlan[]; readonly name: string };

const traits = fc.record(
  {
    optional: fc.boolean(),
    pivot: fc.boolean(),
    irreversible: fc.boolean(),
    rollbackOwnFailure: fc.boolean(),
  },
  { requiredKeys: [] },
);

const outcome = fc.oneof(
  { weight: 6, arbitrary: fc.constant('ok' as const) },
  { weight: 1, arbitrary: fc.constantFrom('fail' as const, 'throw' as const, 'skip' as const) },
  { weight: 1, arbitrary: fc.constantFrom('no-result' as const, 'hang' as const) },
);

const stepPlan: fc.Arbitrary<StepPlan> = fc.record({
  name: fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.replaceAll('/', '_')),
  weight: fc.constantFrom(0, 0.1, 0.3, 1),
  async: fc.boolean(),
  skip: fc.oneof(
    { weight: 8, arbitrary: fc.constant(false as const) },
    fc.constantFrom(true as const, 'throw' as const),
  ),
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 3 }),
  saves: fc.boolean(),
  rollback: fc.constantFrom(
    'ok' as const,
    'ok' as const,
    'throw-once' as const,
    'throw' as const,
    'left-behind' as const,
    'none' as const,
  ),
  traits: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, traits),
  wrap: fc.array(fc.constantFrom('logging' as const, 'timing' as const, 'retry' as const, 'timeout' as const), {
    maxLength: 3,
  }),
});

export const workflowPlan: fc.Arbitrary<readonly Plan[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: stepPlan },
      {
        weight: 1,
        arbitrary: fc.record({ name: fc.constant('side by side'), parallel: fc.array(stepPlan, { maxLength: 3 }) }),
      },
    ),
    { maxLength: 6 },
  )
  .map((plans) => plans.map((plan, index) => ({ ...plan, name: `${index}${plan.name}` })));

/** Plans in which every undo works and everything is undone: then a failed run must leave the world as it was. */
export const undoablePlan = workflowPlan.map((plans) =>
  plans.map((plan) => ('parallel' in plan ? { ...plan, parallel: plan.parallel.map(undoable) } : undoable(plan))),
);

function undoable(plan: StepPlan): StepPlan {
  const outcomes = plan.outcomes.map((one) => (one === 'hang' ? 'throw' : one));
  const { optional } = plan.traits;
  return { ...plan, outcomes, saves: true, rollback: 'ok', traits: optional === undefined ? {} : { optional } };
}

export function buildSteps(plans: readonly Plan[], world: World): BaseStep<WorldContext>[] {
  return plans.map((plan) =>
    'parallel' in plan
      ? new ParallelStep<WorldContext>(
          plan.parallel.map((child, index) => buildStep({ ...child, name: `${index}${child.name}` }, world)),
          { name: plan.name },
        )
      : buildStep(plan, world),
  );
}

function buildStep(plan: StepPlan, world: World): BaseStep<WorldContext> {
  const inner = plan.rollback === 'none' ? new PlannedStep(plan, world) : new UndoablePlannedStep(plan, world);
  const configured = new ConfiguredStep(inner, plan.traits);
  return plan.wrap.reduce<BaseStep<WorldContext>>((step, wrapper) => {
    if (wrapper === 'logging') return new LoggingStep(step);
    if (wrapper === 'timing') return new TimingStep(step);
    if (wrapper === 'retry') return new RetryStep(step, { attempts: 2, random: () => 0.5 });
    return new TimeoutStep(step, { timeoutMs: 50 });
  }, configured);
}

class PlannedStep extends Step<WorldContext> {
  readonly name: string;
  readonly progressWeight: number;
  #calls = 0;

  constructor(
    protected readonly plan: StepPlan,
    protected readonly world: World,
  ) {
    super();
    this.name = plan.name;
    this.progressWeight = plan.weight;
  }

  override canSkip(): boolean | Promise<boolean> {
    if (this.plan.skip === 'throw') throw new Error('cannot tell');
    return this.plan.async ? Promise.resolve(this.plan.skip) : this.plan.skip;
  }

  execute(context: WorldContext): StepResult | Promise<StepResult> {
    const { outcomes } = this.plan;
    const outcome = outcomes[Math.min(this.#calls, outcomes.length - 1)] ?? 'ok';
    this.#calls += 1;
    if (this.plan.async || this.plan.saves) return this.#work(context, outcome);
    return this.#come(context, outcome);
  }

  async #work(context: WorldContext, outcome: StepPlan['outcomes'][number]): Promise<StepResult> {
    const effect = `${context.currentStep}#${context.attempt}`;
    if (this.plan.saves && this.plan.rollback !== 'none') {
      await context.saveUndo({ [effect]: true });
      this.world.effects.add(effect);
    }
    context.setProgress(1, 2);
    return this.#come(context, outcome);
  }

  #come(context: WorldContext, outcome: StepPlan['outcomes'][number]): StepResult | Promise<StepResult> {
    context.counter += 1;
    if (outcome === 'throw') throw new Error('thrown');
    if (outcome === 'fail') return StepResult.fail('returned');
    if (outcome === 'skip') return StepResult.skip('found nothing');
    if (outcome === 'no-result') return 42 as unknown as StepResult;
    if (outcome === 'hang')
      return new Promise((_resolve, reject) =>
        context.signal.addEventListener('abort', () => reject(new Error('stopped'))),
      );
    return StepResult.ok({ data: { counter: context.counter } });
  }
}

class UndoablePlannedStep extends PlannedStep {
  #undos = 0;

  override rollback(context: WorldContext, result: StepResult): void | { leftBehind: string[] } {
    this.#undos += 1;
    const { rollback } = this.plan;
    if (rollback === 'throw' || (rollback === 'throw-once' && this.#undos === 1)) throw new Error('cannot undo');
    context.counter -= 1;
    for (const effect of Object.keys(result.rollbackData)) {
      this.world.effects.delete(effect);
      this.world.log.push(`undo ${effect}`);
    }
    if (rollback === 'left-behind') return { leftBehind: ['a trace'] };
  }
}
