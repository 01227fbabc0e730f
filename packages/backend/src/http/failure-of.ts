import { BackendError, type BackendErrorCode } from '../errors/backend-error.js';
import { serverWords } from '../errors/server-words.js';
import { parseDetail } from './read-answer.js';
import type { Redactor } from './redactor.js';
import { retryAfter } from './retry-delay.js';
import { LostAnswerError } from './send-once.js';

export interface CallFacts {
  readonly method: string;
  readonly path: string;
  /** Whether doing it twice is as good as once. */
  readonly isRepeatable: boolean;
}

/** What to do next, for people. */
const ADVICE: Readonly<Record<number, string>> = {
  401: 'Check the token.',
  403: 'The token does not allow it.',
  404: 'It is not there, or the token may not see it.',
  413: 'It is too large.',
  429: 'There were too many requests; wait a while.',
};

/** Errors as people and programs need them: method, path, status, the server's own words, and no secret. */
export const failureOf = {
  /** An answer that is no success. */
  answer(answer: { status: number; headers: Headers; text: string }, facts: CallFacts): BackendError {
    const { status, headers } = answer;
    const detail = parseDetail(answer.text);
    const location = status < 400 ? headers.get('location') : null;
    const words = location === null ? serverWords(detail) : `it redirects to ${location}; give that as the host`;
    const retryAfterMs = retryAfter(headers.get('retry-after'));
    return new BackendError({
      code: codeOf(status, facts),
      method: facts.method,
      path: facts.path,
      status,
      message: [
        `${facts.method} ${facts.path} ${status < 500 ? 'was refused' : 'failed'} with ${status}`,
        words && `: ${words}`,
        `.${ADVICE[status] ? ` ${ADVICE[status]}` : ''}`,
        codeOf(status, facts) === 'backend_outcome_unknown' ? ` ${UNKNOWN}` : '',
      ].join(''),
      detail,
      retryable: status >= 500 || [408, 425, 429].includes(status),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  },

  /** Whatever a call ended with, its secrets taken out. */
  call(error: unknown, facts: CallFacts, redactor: Redactor): unknown {
    if (error instanceof LostAnswerError) return lost(error, facts, redactor);
    if (!BackendError.is(error)) return error; // what reading a file threw, say: not the backend's
    const isUnknown = error.code === 'backend_answer_invalid' && !facts.isRepeatable;
    const { status, detail, retryAfterMs, retryable, message } = error;
    return new BackendError({
      code: isUnknown ? 'backend_outcome_unknown' : error.code,
      method: error.method ?? facts.method,
      path: error.path ?? facts.path,
      message: redactor.text(isUnknown ? `${message} ${UNKNOWN}` : message),
      detail: redactor.value(detail),
      retryable,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(error.cause !== undefined && { cause: redactor.error(error.cause) }),
    });
  },
};

const UNKNOWN = 'It may have been carried out all the same: look before you repeat it.';

function codeOf(status: number, { isRepeatable }: CallFacts): BackendErrorCode {
  if (status < 500) return 'backend_refused';
  // A proxy that lost its patience (504) or the connection behind it (502) says nothing about the work.
  return !isRepeatable && (status === 502 || status === 504) ? 'backend_outcome_unknown' : 'backend_failed';
}

function lost(error: LostAnswerError, { method, path, isRepeatable }: CallFacts, redactor: Redactor): BackendError {
  const reason = redactor.text(error.message);
  const common = { method, path, cause: redactor.error(error.cause), retryable: true };
  if (!error.sent) {
    const message = `${method} ${path} could not be sent: ${reason}. Is the backend up, and the host right?`;
    return new BackendError({ ...common, code: 'backend_unreachable', message });
  }
  const message = `${method} ${path} was sent, and its answer was lost: ${reason}.`;
  if (isRepeatable) return new BackendError({ ...common, code: 'backend_no_answer', message });
  return new BackendError({
    ...common,
    code: 'backend_outcome_unknown',
    message: `${message} ${UNKNOWN}`,
    retryable: false,
  });
}
