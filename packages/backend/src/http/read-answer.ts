import type { z } from 'zod';

import { BackendError } from '../errors/backend-error.js';
import { serverWords } from '../errors/server-words.js';
import type { WireAnswer } from './send-once.js';

/** No answer of the API is larger; one that is would only fill the memory. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
const MAX_ERROR_BYTES = 64 * 2 ** 10;

/** The answer's text. @throws BackendError when it is larger than any answer should be. */
export async function readText({ status, chunks }: WireAnswer): Promise<string> {
  const limit = status < 400 ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limit && status >= 400) break; // what an error says first is enough
    if (bytes > limit) {
      throw new BackendError({
        code: 'backend_answer_invalid',
        status,
        message: `The backend's answer is larger than ${limit / 2 ** 20} MiB. Ask for smaller pages.`,
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The text as JSON, or as it is: what an error says may be anything. */
export function parseDetail(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.slice(0, 2000);
  }
}

/**
 * The answer as its schema promises. Fields that the schema does not know are kept.
 *
 * @throws BackendError `backend_answer_invalid` when it is no JSON, or lacks what the API promises.
 */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>, facts: { status: number; what: string }): T {
  const { status, what } = facts;
  let value: unknown;
  try {
    value = text.trim() === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    const said = serverWords(text) || 'nothing';
    throw new BackendError({
      code: 'backend_answer_invalid',
      status,
      message: `${what} was answered with ${status}, but with no JSON: ${said}. Is the host the address of the backend's API?`,
      cause: new Error(cause instanceof Error ? cause.name : 'no JSON'), // the parser's message would quote the answer
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
  throw new BackendError({
    code: 'backend_answer_invalid',
    status,
    message: `${what} was answered with ${status}, but not with what the API promises: ${wrong.join('; ')}.`,
  });
}
