import { InvalidParamsError, type MessageCode } from '@synapse-steps/core';

import { TrainError } from '../train-error.js';
import { trainMessages } from '../train-messages.js';

const { TRAIN_FAILED_CONFIG, TRAIN_FAILED_GPU_RESOURCE, TRAIN_FAILED_RAY_CONNECTION, TRAIN_FAILED_STEP } =
  trainMessages.codes;

/** The message that tells people best what a step failed of: by the kind of the error, or of one of its causes. */
export function failureCode(error: unknown): MessageCode {
  for (const cause of causesOf(error)) {
    const code = codeByKind(cause) ?? codeByText(cause);
    if (code !== undefined) return code;
  }
  return TRAIN_FAILED_STEP;
}

const MOST_CAUSES = 16;

function* causesOf(error: unknown): Generator<unknown> {
  let cause = error;
  for (let count = 0; cause !== undefined && cause !== null && count < MOST_CAUSES; count += 1) {
    yield cause;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}

function codeByKind(error: unknown): MessageCode | undefined {
  if (TrainError.is(error)) {
    if (error.code === 'configuration') return TRAIN_FAILED_CONFIG;
    if (error.code === 'resource_missing') return TRAIN_FAILED_GPU_RESOURCE;
  }
  return InvalidParamsError.is(error) ? TRAIN_FAILED_CONFIG : undefined;
}

/** A trainer in Python cannot throw errors of ours: what its SDK says in such a case is known by these words. */
const WORDS: readonly (readonly [RegExp, MessageCode])[] = [
  [/insufficient GPU (?:resource|capacity)/i, TRAIN_FAILED_GPU_RESOURCE],
  [/GPU 리소스(?:가)? 부족|리소스 부족으로 남은 trial/, TRAIN_FAILED_GPU_RESOURCE],
  [/Could not connect to Ray|Ray cluster is not found/, TRAIN_FAILED_RAY_CONNECTION],
  [
    /\bRay\b.{0,60}(?:unreachable|not reachable|connection refused|could not connect|failed to connect)/,
    TRAIN_FAILED_RAY_CONNECTION,
  ],
  [/(?:connect|connection|reach|refused|unreachable|unavailable)[^\n]{0,40}ray:\/\//i, TRAIN_FAILED_RAY_CONNECTION],
  [/Unknown (?:tune )?param(?:eter)? type|Unsupported (?:scheduler|search)/i, TRAIN_FAILED_CONFIG],
];

function codeByText(error: unknown): MessageCode | undefined {
  if (TrainError.is(error)) return undefined; // its code has said all
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : '';
  return WORDS.find(([words]) => words.test(text))?.[1];
}
