import type { BaseStep, RuntimeContext, StepRegistry } from '@synapse-steps/core';
import { BaseUploadAction, DefaultUploadAction, type UploadContext } from '@synapse-steps/upload';
import { refuseUnusedOptions } from '../../actions/run/own-step.js';
import type { MadeAction, Surroundings } from '../../actions/run/run-action.js';
import type { UploadGiven } from '../cases/upload-vector.js';
import { makeStep } from './make-step.js';

export interface UploadRun extends MadeAction {
  /** The state of the run, once there is one. */
  readonly context: () => UploadContext | undefined;
}

/** The action that a vector describes: the default one, one with other steps, or the base without any. */
export function makeAction(given: UploadGiven['action'], { params, runtimeContext }: Surroundings): UploadRun {
  let seen: UploadContext | undefined;
  const see = (context: UploadContext): UploadContext => (seen = context);
  const action = given.base_class === true ? bare(see) : withSteps(given, see);
  return {
    run: () => new action(params as never, runtimeContext).run(),
    context: () => seen,
    errors: () => seen?.errors ?? [],
  };
}

type See = (context: UploadContext) => UploadContext;
type RunnableClass = new (params: never, runtimeContext: RuntimeContext) => { run(): Promise<unknown> };

function bare(see: See): RunnableClass {
  return class extends BaseUploadAction {
    protected override createContext(runtimeContext: RuntimeContext): UploadContext {
      return see(super.createContext(runtimeContext));
    }
  };
}

function withSteps(given: UploadGiven['action'], see: See): RunnableClass {
  const { steps: names, options = {}, allowed_extensions: allowed } = given;
  const own = names?.map((name): BaseStep<UploadContext> => makeStep(name, options[name] ?? {}));
  refuseUnusedOptions(options, names ?? []);
  return class extends DefaultUploadAction {
    override setupSteps(registry: StepRegistry<UploadContext>): void {
      if (own === undefined) super.setupSteps(registry);
      for (const step of own ?? []) registry.register(step);
    }

    override allowedExtensions(): Readonly<Record<string, readonly string[]>> {
      return allowed ?? super.allowedExtensions();
    }

    protected override createContext(runtimeContext: RuntimeContext): UploadContext {
      return see(super.createContext(runtimeContext));
    }
  };
}
