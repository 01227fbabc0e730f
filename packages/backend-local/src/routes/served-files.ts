import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { App, AppContext, Served } from '../http/served.js';
import { notFound, Problem } from '../problem.js';

/** The bytes of contents, at signed addresses; also from the middle, so that a download can go on where it broke off. */
export function addServedFileRoutes(app: App, { store, addresses }: Served): void {
  app.get('/_files/:sha256/:filename', async (context) => {
    const { sha256, filename } = context.req.param();
    const refusal = addresses.check('GET', ['_files', sha256, filename], context.req.query());
    if (refusal === 'expired') throw new Problem(403, 'This address has expired; ask the backend for a new one.');
    if (refusal === 'forged') throw new Problem(403, 'This address was not made by this backend.');
    if (store.database.get('SELECT 1 FROM contents WHERE sha256 = ?', sha256) === undefined) throw notFound();
    const handle = await open(store.contents.fileOf(sha256), 'r');
    return await answerWith(handle, sha256, context).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
  });
}

async function answerWith(handle: FileHandle, sha256: string, context: AppContext): Promise<Response> {
  const { size } = await handle.stat();
  const range = rangeOf(context.req.header('range'), size);
  const headers = new Headers({
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(range.end - range.start),
    'Accept-Ranges': 'bytes',
    ETag: `"${sha256}"`,
    'X-Content-Type-Options': 'nosniff', // what people upload is never run by a browser
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
  if (range.isPart) headers.set('Content-Range', `bytes ${range.start}-${range.end - 1}/${size}`);
  const status = range.isPart ? 206 : 200;
  if (context.req.method === 'HEAD' || range.start === range.end) {
    await handle.close();
    return new Response(null, { status, headers });
  }
  const stream = handle.createReadStream({ start: range.start, end: range.end - 1, highWaterMark: 256 * 1024 });
  return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
}

/** From `start` up to, and without, `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly isPart: boolean;
}

function rangeOf(header: string | undefined, size: number): Range {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return { start: 0, end: size, isPart: false }; // also several ranges: all is an answer
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end, isPart: true };
  throw new Problem(416, `There are only ${size} bytes.`);
}
