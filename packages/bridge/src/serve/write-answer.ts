import { errorMessage } from '@synapse-steps/core';
import { ExchangeWriteError } from '../exchange/exchange-error.js';
import type { FrameWriter } from '../framing/frame-writer.js';
import type { Answer } from './served-answer.js';
import { wireErrorOf } from './wire-error-of.js';

/** Answers a request. What cannot be written is answered all the same: without its data, or with an error that says why. */
export function writeAnswer(writer: FrameWriter, id: number, answer: Answer): void {
  const attempts = [() => answer, (error: unknown) => withoutData(answer, error), (error: unknown) => refusal(error)];
  let problem: unknown;
  for (const attempt of attempts) {
    try {
      writer.write({ jsonrpc: '2.0', id, ...attempt(problem) });
      return;
    } catch (error) {
      problem = error;
    }
  }
}

/** The result of a step as a failure that keeps its undo data and its changes, which matter more than its data. */
function withoutData(answer: Answer, problem: unknown): Answer {
  if (!('result' in answer) || !('success' in answer.result)) return refusal(problem);
  return { result: { ...answer.result, success: false, skipped: false, data: null, error: errorMessage(problem) } };
}

function refusal(problem: unknown): Answer {
  const isWrite = problem instanceof ExchangeWriteError;
  return { error: wireErrorOf(isWrite ? 'resource_exhausted' : 'unserialisable_value', problem) };
}
