import { describe, expectTypeOf, it } from 'vitest';
import {
  BaseAction,
  BaseStepContext,
  defineStep,
  StepResult,
  type ActionClass,
  type AnyAction,
  type JsonObject,
  type RunReport,
  type RuntimeContext,
  type StepRegistry,
} from '@synapse-steps/core';
import { z } from 'zod';

// The shape of a specialised action: params of its own that further actions extend, a context, steps that wire themselves,
// and an `execute` with other arguments, which one of its steps calls.

class TrainContext extends BaseStepContext {
  modelPath: string | undefined;
}

interface TrainResult {
  readonly success: boolean;
  readonly modelId?: number;
}

const trainParams = z.looseObject({ dataset: z.number().int(), splits: z.array(z.string()).optional() });

class BaseTrainAction<TParams extends z.ZodType<z.output<typeof trainParams>> = typeof trainParams> extends BaseAction<
  TParams,
  TrainContext,
  TrainResult,
  JsonObject
> {
  static override readonly params = trainParams;

  protected override createContext(runtimeContext: RuntimeContext): TrainContext {
    return new TrainContext(runtimeContext);
  }

  override setupSteps(registry: StepRegistry<TrainContext>): void {
    const execute = async (context: TrainContext): Promise<StepResult> => {
      const data = await this.execute(`data/${this.params.dataset}`, undefined, context);
      return StepResult.ok({ data });
    };
    registry.register(defineStep({ name: 'train', execute }));
  }

  override execute(
    _dataPath: string,
    _checkpoint: JsonObject | undefined,
    _context: TrainContext,
  ): JsonObject | Promise<JsonObject> {
    throw new Error('Override execute().');
  }

  protected override createResult({ success }: RunReport, context: TrainContext): TrainResult {
    return { success, ...(context.modelPath !== undefined && { modelId: 1 }) };
  }
}

const Params = BaseTrainAction.params.extend({ epochs: z.number().int().default(200) });

class PenguinTrainer extends BaseTrainAction<typeof Params> {
  static override readonly params = BaseTrainAction.params.extend({ epochs: z.number().int().default(200) });

  override async execute(
    dataPath: string,
    checkpoint: JsonObject | undefined,
    context: TrainContext,
  ): Promise<JsonObject> {
    expectTypeOf(this.params.epochs).toEqualTypeOf<number>();
    expectTypeOf(this.params.dataset).toEqualTypeOf<number>();
    expectTypeOf(checkpoint).toEqualTypeOf<JsonObject | undefined>();
    context.modelPath = dataPath;
    return { epochs: this.params.epochs };
  }
}

describe('a specialised action', () => {
  it('is given params as people write them, and has them as the schema makes them', () => {
    type Given = ConstructorParameters<typeof PenguinTrainer>[0];
    expectTypeOf<Pick<Given, 'dataset' | 'epochs'>>().toEqualTypeOf<{ dataset: number; epochs?: number | undefined }>();
    expectTypeOf(new PenguinTrainer({ dataset: 7 }).run()).resolves.toEqualTypeOf<TrainResult>();
    // @ts-expect-error the dataset is missing
    void new PenguinTrainer({ epochs: 3 });
    // @ts-expect-error the epochs are a number
    void new PenguinTrainer({ dataset: 7, epochs: 'many' });
  });

  it('registers steps of its context', () => {
    class Longer extends PenguinTrainer {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.insertAfter(
          'train',
          defineStep({
            name: 'check',
            execute(context) {
              expectTypeOf(context.modelPath).toEqualTypeOf<string | undefined>();
              return StepResult.ok();
            },
          }),
        );
      }
    }
    expectTypeOf(new Longer({ dataset: 7 }).prepare())
      .resolves.toHaveProperty('registry')
      .toEqualTypeOf<StepRegistry<TrainContext>>();
  });

  it('is an action, and its class a class of actions', () => {
    expectTypeOf<PenguinTrainer>().toExtend<AnyAction>();
    expectTypeOf<typeof PenguinTrainer>().toExtend<ActionClass>();
  });
});

describe('a plain action', () => {
  it('resolves to what its execute returns', () => {
    class Sum extends BaseAction<z.ZodObject<{ n: z.ZodNumber }>, BaseStepContext, number> {
      override execute(context: BaseStepContext): number {
        return this.params.n + context.attempt;
      }
    }
    expectTypeOf(new Sum({ n: 1 }).run()).resolves.toEqualTypeOf<number>();
    class Wrong extends BaseAction<z.ZodType, BaseStepContext, number> {
      // @ts-expect-error the result is a number
      override execute(): string {
        return 'no';
      }
    }
    expectTypeOf<Wrong>().toExtend<AnyAction>();
  });
});
