import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  type JsonObject,
  type StepDefinition,
  StepResult,
} from '../src/index.js';

/** A context whose field takes anything, also what is no JSON. */
export class Loose extends BaseStepContext {
  value: unknown = undefined;
  seen: string[] = [];
}

/** A step that sets the field. */
export const setting = (
  name: string,
  value: unknown,
  more: Partial<StepDefinition<Loose, JsonObject>> = {},
): BaseStep<Loose> =>
  defineStep<Loose>({
    name,
    execute: (context) => {
      context.value = value;
      return StepResult.ok();
    },
    rollback: (context) => void context.seen.push(`undo ${name}`),
    ...more,
  });
