import { StepUsageError } from '../step/step-error.js';
import type { BaseStepContext } from './base-step-context.js';

// What engines say, and what compilers make of a private field for older ones.
const PRIVATE_ACCESS = /private (?:member|field|method)|must be an instance of class/i;
const PRIVATE_SOURCE = /#\w|__private|__classPrivateField/;

/**
 * Private fields belong to one object, and a view of a context is another. The engine's message tells neither; this gives
 * the error that does, with the engine's as its cause, and returns every other error untouched.
 */
export function explainPrivateField(error: unknown, context: BaseStepContext): unknown {
  if (!(error instanceof TypeError) || !PRIVATE_ACCESS.test(error.message)) return error;
  const { name } = context.constructor;
  if (!PRIVATE_SOURCE.test(sourceOf(context))) return error;
  const explained = new StepUsageError(
    'private_context_field',
    `The context ${name} has a #private field, which the view of it that parallel, retried, limited and undone steps get cannot reach. Make it a plain field, and list it in 'static transient' if it must not cross. (${error.message})`,
  );
  explained.cause = error;
  return explained;
}

function sourceOf(context: BaseStepContext): string {
  const sources: string[] = [];
  for (let type: unknown = context.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    sources.push(Function.prototype.toString.call(type));
  }
  return sources.join('\n');
}
