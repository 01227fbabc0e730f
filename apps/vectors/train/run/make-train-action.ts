import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, RuntimeContext, StepRegistry } from '@synapse-steps/core';
import { BaseTrainAction, type Checkpoint, type TrainContext } from '@synapse-steps/train';
import { z } from 'zod';
import { ownStepSchema } from '../../actions/cases/action-vector.js';
import { OwnStep, refuseUnusedOptions } from '../../actions/run/own-step.js';
import type { MadeAction, Surroundings } from '../../actions/run/run-action.js';
import { readTree, writeTree } from '../../actions/world/file-tree.js';
import type { World } from '../../actions/world/world.js';
import type { TrainActionGiven } from '../cases/train-vector.js';

export interface TrainRun extends MadeAction {
  /** What `execute` was given, each time. */
  readonly calls: readonly JsonObject[];
}

const params = BaseTrainAction.params.extend({
  name: z.string().nullable().default(null),
  // As pydantic: a text that is a whole number is one.
  epochs: z.preprocess(wholeNumber, z.int()).default(10),
});

/** The trainer that a vector describes: one with an `execute`, or one with steps of its own. */
export function makeTrainAction(given: TrainActionGiven, world: World, surroundings: Surroundings): TrainRun {
  const calls: JsonObject[] = [];
  let seen: TrainContext | undefined;
  const see = (context: TrainContext): TrainContext => (seen = context);
  const execute = async (call: ExecuteCall): Promise<unknown> => {
    calls.push(await describeCall(call));
    return await train(given, world, call.context);
  };
  const Trainer = given.steps === undefined ? executing({ given, world, see }, execute) : stepping(given, see);
  return {
    run: () => new Trainer(surroundings.params as never, surroundings.runtimeContext).run(),
    errors: () => seen?.errors ?? [],
    calls,
  };
}

function wholeNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

type See = (context: TrainContext) => TrainContext;

interface ExecuteCall {
  readonly dataPath: string;
  readonly checkpoint: Checkpoint | undefined;
  readonly context: TrainContext;
  readonly params: unknown;
}

interface Making {
  readonly given: TrainActionGiven;
  readonly world: World;
  readonly see: See;
}

function executing({ given, world, see }: Making, execute: (call: ExecuteCall) => Promise<unknown>): TrainerClass {
  const { target_format: targetFormat } = given;
  return class extends BaseTrainAction<typeof params> {
    static override readonly params = params;
    static override readonly targetFormat = targetFormat;
    override readonly name = 'train';

    override cacheFolder(): string {
      return world.temp;
    }

    protected override createContext(runtimeContext: RuntimeContext): TrainContext {
      return see(super.createContext(runtimeContext));
    }

    override execute(dataPath: string, checkpoint: Checkpoint | undefined, context: TrainContext): Promise<unknown> {
      return execute({ dataPath, checkpoint, context, params: this.params });
    }
  };
}

type TrainerClass = new (given: never, runtimeContext: RuntimeContext) => { run(): Promise<unknown> };

function stepping({ steps = [], options }: TrainActionGiven, see: See): TrainerClass {
  refuseUnusedOptions(options, steps);
  const own = steps.map((name) => new OwnStep<TrainContext>(name, ownStepSchema.parse(options[name] ?? {})));
  const shares = steps.map((name): [string, number] => [name, Number(options[name]?.['proportion'] ?? 0)]);
  return class extends BaseTrainAction<typeof params> {
    static override readonly params = params;
    static override readonly proportions = Object.fromEntries(shares); // steps of a vector's own say their share themselves
    override readonly name = 'train';

    override setupSteps(registry: StepRegistry<TrainContext>): void {
      for (const step of own) registry.register(step);
    }

    protected override createContext(runtimeContext: RuntimeContext): TrainContext {
      return see(super.createContext(runtimeContext));
    }
  };
}

async function describeCall({ dataPath, checkpoint, params: given }: ExecuteCall): Promise<JsonObject> {
  const files = checkpoint && (await isFolder(checkpoint.path)) ? await readTree(checkpoint.path) : null;
  return {
    data_path: dataPath,
    data_path_exists: (await stat(dataPath).catch(() => undefined)) !== undefined,
    checkpoint: (checkpoint ?? null) as JsonObject | null,
    checkpoint_files: files as JsonObject | null,
    params: given as JsonObject,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** What the vector's `execute` does. */
async function train(given: TrainActionGiven, world: World, context: TrainContext): Promise<unknown> {
  for (const [index, metrics] of given.metrics.entries()) {
    context.setProgress(index + 1, given.metrics.length);
    context.reportMetrics(metrics as Record<string, number>, { epoch: index + 1 });
  }
  if (given.raise !== undefined) throw new Error(given.raise);
  await writeTree(world.root, given.writes, (text) => world.fillIn(text) as string);
  if (given.create_model !== undefined) {
    const { path, fields } = given.create_model;
    return { model: await context.createModel(join(world.root, path), fields as never) };
  }
  return world.fillIn(given.returns ?? (given.returns === null ? null : {}));
}
