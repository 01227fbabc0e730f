import { wholeNumber } from '../http/page.js';
import { announcedBytes, bytesOf } from '../http/read-body.js';
import { toProblem } from '../http/answer-error.js';
import type { App, AppContext, Served } from '../http/served.js';
import { ObjectRefusal } from '../store/objects.js';

/** The far side of presigned addresses: takes bytes, and speaks like S3, in XML when something is wrong. */
export function addObjectStorageRoutes(app: App, served: Served, report: (error: unknown) => void): void {
  app.put('/_storage/:key', async (context) => {
    try {
      const etag = await put(context, served);
      context.header('ETag', `"${etag}"`);
      return context.body(null, 200);
    } catch (error) {
      const { status, code, message } = refusalOf(error, report);
      context.header('Content-Type', 'application/xml');
      return context.body(asXml(code, message), status);
    }
  });
}

async function put(context: AppContext, { store, objects, addresses, limits }: Served): Promise<string> {
  const { incoming } = context.env;
  const key = context.req.param('key') ?? '';
  const refusal = addresses.check('PUT', ['_storage', key], context.req.query());
  if (refusal === 'expired') throw new ObjectRefusal('AccessDenied', 'Request has expired');
  if (refusal === 'forged')
    throw new ObjectRefusal('SignatureDoesNotMatch', 'This address was not made by this backend.');
  store.contents.checkRoom(announcedBytes(incoming, limits.fileBytes));
  if (context.req.query('part') === undefined) return await objects.put(key, bytesOf(incoming), limits.fileBytes);
  return await objects.putPart(key, wholeNumber(context, 'part', 1), bytesOf(incoming));
}

interface XmlRefusal {
  readonly status: 400 | 403 | 404 | 413 | 500 | 503 | 507;
  readonly code: string;
  readonly message: string;
}

function refusalOf(error: unknown, report: (error: unknown) => void): XmlRefusal {
  if (error instanceof ObjectRefusal) {
    const { code, message } = error;
    return { status: STATUS[code] ?? 400, code, message };
  }
  const { status, message } = toProblem(error, report);
  switch (status) {
    case 404:
      return { status, code: 'NoSuchKey', message: 'Nothing was reserved under this key, or its time is over.' };
    case 413:
      return { status, code: 'EntityTooLarge', message };
    case 507:
      return { status, code: 'InsufficientStorage', message };
    case 500:
      return { status, code: 'InternalError', message };
    default:
      return { status: 400, code: 'IncompleteBody', message };
  }
}

const STATUS: Readonly<Record<string, 403 | 503>> = { AccessDenied: 403, SignatureDoesNotMatch: 403, SlowDown: 503 };

function asXml(code: string, message: string): string {
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
}
