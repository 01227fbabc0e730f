import type { z } from 'zod';
import { BaseStepContext } from '../context/base-step-context.js';
import { RuntimeContext } from '../context/runtime-context.js';
import { errorMessage } from '../errors/error-record.js';
import { copyJsonObject, type JsonObject } from '../json/json-value.js';
import { Orchestrator, type OrchestratorOptions } from '../orchestrator/orchestrator.js';
import { StepRegistry } from '../registry/step-registry.js';
import type { RunReport } from '../report/run-report.js';
import type { UndoResult } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import type { StepResult } from '../step/step-result.js';
import { ActionStep, type ActionStepOptions, type PreparedAction } from './action-step.js';
import { checkParams, InvalidParamsError, isSchema, problemLines, validate } from './check-params.js';
import { ExecuteStep } from './execute-step.js';

const BRAND = Symbol.for('synapse-steps.action');

/** Any action, whatever its types. */
export type AnyAction = BaseAction<z.ZodType, BaseStepContext, unknown, unknown>;

/** A class of actions, as whoever only knows its name meets it. */
export interface ActionClass {
  new (params: never, runtimeContext?: RuntimeContext): AnyAction;
  readonly name: string;
  readonly params: z.ZodType | undefined;
  readonly result: z.ZodType | undefined;
  readonly proportions: Readonly<Record<string, number>> | undefined;
}

/**
 * A workflow as a class: params that are checked by a schema, steps that a subclass may insert, replace or leave out, and a
 * result. Override `setupSteps`, or, where there is nothing to divide, `execute`.
 *
 * `TParams` is the type of the params' schema, `TContext` the state of the steps, `TResult` what `run` resolves to, and
 * `TExecuted` what `execute` returns where that is something else.
 *
 * @example
 * const Params = z.object({ name: z.string() });
 * class Greeter extends BaseAction<typeof Params> {
 *   static override readonly params = Params;
 *   override execute() { return `Hello ${this.params.name}`; }
 * }
 * await new Greeter({ name: 'Ada' }).run();
 */
export abstract class BaseAction<
  TParams extends z.ZodType = z.ZodType,
  TContext extends BaseStepContext = BaseStepContext,
  TResult = unknown,
  TExecuted = TResult,
> {
  /** What the params must be. What it makes of them is JSON; without one they are taken as they are. */
  static readonly params: z.ZodType | undefined = undefined;
  /** What the result should be. One that does not fit is worth a warning; it is not changed. */
  static readonly result: z.ZodType | undefined = undefined;
  /**
   * How much of a backend job's progress each step is, by its name, where the weights do not say it: a `JobLogger` tells
   * the job by them. A step that is not named is shown, and moves nothing.
   */
  static readonly proportions: Readonly<Record<string, number>> | undefined = undefined;

  /** For people, events and reports; the step's name where the action is one. Default: the name of the class. */
  readonly name: string = this.constructor.name || 'action';
  /** What the host lends. */
  readonly runtimeContext: RuntimeContext;
  readonly #given: z.input<TParams>;
  #params: z.output<TParams> | undefined;

  constructor(params: z.input<TParams>, runtimeContext: RuntimeContext = new RuntimeContext()) {
    this.#given = params;
    this.runtimeContext = runtimeContext;
  }

  /** The params as the schema makes them, from `setupSteps` on. */
  get params(): z.output<TParams> {
    if (this.#params !== undefined) return this.#params;
    throw new StepUsageError('params_not_checked', `The params of ${this.name} are known once it runs; not before.`);
  }

  /** Registers the steps. A subclass may call `super.setupSteps(registry)` and then insert, replace or remove some. */
  setupSteps(_registry: StepRegistry<TContext>): void {}

  /** Does the work of an action that has no steps; it gets the context. What it returns is the result. */
  execute(..._context: never[]): TExecuted | Promise<TExecuted> {
    throw this.#noSteps();
  }

  /** Takes back what `execute` did, as the `rollback` of a step. */
  rollback(_context: TContext, _result: StepResult): UndoResult | void | Promise<UndoResult | void> {}

  /** The schema that the params are checked by. Override it where a check needs the backend, say. */
  protected paramsSchema(): z.ZodType | undefined {
    return (this.constructor as ActionClass).params;
  }

  /** Whether `execute` is the whole work where no step is registered. False where a step of its own calls it. */
  protected get executesWhole(): boolean {
    return this.execute !== BaseAction.prototype.execute;
  }

  /** Makes the state that the steps share. */
  protected createContext(runtimeContext: RuntimeContext): TContext {
    return new BaseStepContext(runtimeContext) as TContext;
  }

  /** What `run` resolves to, after steps that succeeded. Default: `{ success, stepsExecuted, stepsTotal }`. */
  protected createResult(
    { success, stepsExecuted, stepsTotal }: RunReport,
    _context: TContext,
  ): TResult | Promise<TResult> {
    return { success, stepsExecuted, stepsTotal } as TResult;
  }

  /**
   * Checks the params, runs the steps, and undoes them when one fails.
   *
   * @throws InvalidParamsError that lists every problem, before anything runs; StepFailedError as `Orchestrator.execute`.
   */
  async run(options: OrchestratorOptions<TContext> = {}): Promise<TResult> {
    const { name, registry, context, createResult } = await this.prepare();
    return createResult(await new Orchestrator(registry, context, { workflow: name, ...options }).execute());
  }

  /**
   * Everything up to the run itself, for whoever runs it in another way.
   *
   * @param options `checkParams: false` takes params that do not fit as they are: to look at the steps, not to run them.
   */
  async prepare(options: { readonly checkParams?: boolean } = {}): Promise<PreparedAction<TContext, TResult>> {
    const params = await this.#checkParams(options.checkParams ?? true);
    this.#params = params as z.output<TParams>;
    const context = this.createContext(this.runtimeContext.with({ params }));
    const registry = new StepRegistry<TContext>().setProportions((this.constructor as ActionClass).proportions ?? {});
    await (this.setupSteps(registry) as unknown); // an override may be async: what it registers late must not be missing
    const whole = registry.size === 0 ? this.#executeStep() : undefined;
    if (whole) registry.register(whole);
    const createResult: PreparedAction<TContext, TResult>['createResult'] = async (report, warn) => {
      const result = whole ? (whole.valueIn(report) as TResult) : await this.createResult(report, context);
      await this.#checkResult(result, warn);
      return result;
    };
    return { name: this.name, registry, context, createResult };
  }

  /** The whole action as one step of a workflow. @throws InvalidParamsError */
  async toStep(options?: ActionStepOptions): Promise<ActionStep> {
    return new ActionStep(await this.prepare(), options);
  }

  log(...entry: Parameters<RuntimeContext['log']>): void {
    this.runtimeContext.log(...entry);
  }

  logMessage(...message: Parameters<RuntimeContext['logMessage']>): void {
    this.runtimeContext.logMessage(...message);
  }

  logMetric(...metric: Parameters<RuntimeContext['logMetric']>): void {
    this.runtimeContext.logMetric(...metric);
  }

  logVisualization(...visualization: Parameters<RuntimeContext['logVisualization']>): void {
    this.runtimeContext.logVisualization(...visualization);
  }

  setProgress(...progress: Parameters<RuntimeContext['setProgress']>): void {
    this.runtimeContext.setProgress(...progress);
  }

  setMetrics(...metrics: Parameters<RuntimeContext['setMetrics']>): void {
    this.runtimeContext.setMetrics(...metrics);
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** Recognises the action classes of any copy of this package. */
  static isClass(value: unknown): value is ActionClass {
    return typeof value === 'function' && typeof value.prototype === 'object' && BRAND in (value.prototype ?? {});
  }

  async #checkParams(isChecked: boolean): Promise<JsonObject> {
    try {
      return await checkParams(this.paramsSchema(), this.#given, `The params of ${this.name}`);
    } catch (error) {
      if (isChecked || !(error instanceof InvalidParamsError)) throw error;
      return copyJsonObject(this.#given, `The params of ${this.name}`);
    }
  }

  #executeStep(): ExecuteStep<TContext> {
    if (!this.executesWhole) throw this.#noSteps();
    return new ExecuteStep(this, { hasRollback: this.rollback !== BaseAction.prototype.rollback });
  }

  #noSteps(): StepUsageError {
    return new StepUsageError(
      'no_steps',
      `No steps registered in ${this.name}. Override setupSteps() to register workflow steps, or execute().`,
    );
  }

  /** Whatever goes wrong here, the work is done and its result is what it is. */
  async #checkResult(result: TResult, warn = (text: string) => this.logMessage(text, 'warning')): Promise<void> {
    const schema = (this.constructor as ActionClass).result;
    if (!isSchema(schema)) return;
    try {
      const { problems } = await validate(schema, result);
      if (problems.length > 0) warn(`The result of ${this.name} is not as its schema says:\n${problemLines(problems)}`);
    } catch (error) {
      warn(`The result of ${this.name} cannot be checked by its schema: ${errorMessage(error)}`);
    }
  }
}
