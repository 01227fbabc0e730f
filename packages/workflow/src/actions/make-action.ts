import {
  errorMessage,
  type ActionClass,
  type AnyAction,
  type JsonObject,
  type RuntimeContext,
} from '@synapse-steps/core';

/** An action of a class of the user, whatever params that asks for: they are checked when it is prepared. */
export function makeAction(Action: ActionClass, params: JsonObject, host: RuntimeContext): AnyAction {
  return new (Action as unknown as new (params: JsonObject, host: RuntimeContext) => AnyAction)(params, host);
}

/** What to say of an action whose steps or context cannot be made. */
export function actionProblem(Action: ActionClass, error: unknown): string {
  return `the action ${Action.name} cannot be prepared: ${errorMessage(error)}`;
}
