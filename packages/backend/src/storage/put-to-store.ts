import { BackendError } from '../errors/backend-error.js';
import { serverWords } from '../errors/server-words.js';
import { storageWords } from '../errors/storage-words.js';
import { withoutQuery, withoutSecretsOf } from '../http/address.js';
import { pause } from '../http/pause.js';
import { readText } from '../http/read-answer.js';
import type { RequestBody } from '../http/request-body.js';
import { retryAfter, retryDelay } from '../http/retry-delay.js';
import { LostAnswerError, sendOnce } from '../http/send-once.js';
import type { Transport } from '../http/transport.js';
import type { SendOptions } from '../resources/call-options.js';

export interface PutContext extends SendOptions {
  readonly transport: Transport;
  readonly readTimeoutMs: number;
  readonly retries?: number | undefined;
}

/**
 * One PUT to a presigned address: no token, no cookie, nothing of ours but the content. It may always be repeated, and is,
 * unless the store itself said no: a 4xx without the store's error code is a proxy's, and often gone the next moment.
 *
 * @returns the ETag, if there is one
 * @throws BackendError without the address's query, which is a secret
 */
export async function putToStore(url: string, body: RequestBody, context: PutContext): Promise<string | undefined> {
  const { transport, signal, retries = transport.retry.retries } = context;
  for (let retry = 0; ; retry += 1) {
    try {
      return await putOnce(url, body, context);
    } catch (error) {
      if (!BackendError.is(error) || !error.retryable || error.code === 'file_changed' || retry >= retries) throw error;
      await pause(error.retryAfterMs ?? retryDelay(transport.retry, retry), signal);
    }
  }
}

async function putOnce(url: string, body: RequestBody, context: PutContext): Promise<string | undefined> {
  const { transport, readTimeoutMs, signal } = context;
  const request = { method: 'PUT', url, headers: {}, body, readTimeoutMs, signal };
  try {
    return await sendOnce({ ...request, connectTimeoutMs: transport.connectTimeoutMs }, async (answer) => {
      const text = await readText(answer);
      if (answer.status < 200 || answer.status >= 300) throw refused(url, { ...answer, text });
      return answer.headers.get('etag') ?? undefined;
    });
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error;
    throw new BackendError({
      code: error.sent ? 'backend_no_answer' : 'backend_unreachable',
      method: 'PUT',
      path: withoutQuery(url),
      message: `PUT ${withoutQuery(url)} to the object store got no answer: ${withoutSecretsOf(url, error.message)}.`,
      retryable: true,
    });
  }
}

function refused(
  url: string,
  { status, headers, text }: { status: number; headers: Headers; text: string },
): BackendError {
  const path = withoutQuery(url);
  const clean = withoutSecretsOf(url, text);
  const said = storageWords(clean);
  const isStores = said.code !== undefined;
  // What is not the store's own may be a page of a proxy: only its title or its first words.
  const words = isStores ? `${said.code}${said.message ? `, ${said.message}` : ''}` : serverWords(clean);
  const retryAfterMs = retryAfter(headers.get('retry-after'));
  return new BackendError({
    code: 'storage_refused',
    method: 'PUT',
    path,
    status,
    message: `PUT ${path} was refused by the object store with ${status}${words ? `: ${words}` : ''}. An address that has expired must be asked for anew.`,
    detail: said,
    retryable: status >= 500 || [408, 425, 429].includes(status) || !isStores,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
