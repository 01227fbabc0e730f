import { basename } from 'node:path';
import type { BaseStep, BaseStepContext } from '@synapse-steps/core';
import { FrameReader, type FrameReaderOptions } from '../framing/frame-reader.js';
import type { FrameSink, FrameWriter } from '../framing/frame-writer.js';
import { BadFileError } from '../exchange/exchange-error.js';
import type { RequestFrame } from '../protocol/frame.js';
import { DEFAULT_WIRE_LIMITS } from '../protocol/limits.js';
import { PLAIN_CONTEXT } from './plugin-offer.js';
import { PluginServer } from './plugin-server.js';
import { protectStdio } from './protect-stdio.js';
import type { ContextClass } from './served-context.js';
import { ServedExchange } from './served-exchange.js';
import { ServedWriter } from './served-writer.js';
import { HostWatch, leaveWithHost } from './host-watch.js';
import { wireErrorOf } from './wire-error-of.js';
import { writeAnswer } from './write-answer.js';

/** How a plugin presents itself. */
export interface ServePluginOptions {
  /** The class of the context that its steps expect: its defaults, `static state` and methods. */
  readonly context?: ContextClass;
  /** The plugin's name; by default that of its file. */
  readonly name?: string;
  readonly version?: string;
}

/**
 * Serves steps over the step protocol on stdin and stdout, and ends the process when the host ends the connection. From
 * the call on, whatever the process prints goes to stderr.
 *
 * @example
 * await servePlugin([new LoadStep()]);
 */
export async function servePlugin<TContext extends BaseStepContext>(
  steps: readonly BaseStep<TContext>[],
  options: ServePluginOptions = {},
): Promise<void> {
  leaveWhenRunByHand();
  const parentAtStart = process.ppid;
  const { input, output } = protectStdio();
  const limits = { maxFrameBytes, maxDepth, maxQueuedBytes: Number.POSITIVE_INFINITY }; // until the host says others
  const exchange = new ServedExchange();
  const watch = new HostWatch();
  const writer = new ServedWriter(output, limits, exchange);
  const server = new PluginServer(
    {
      onInitialize: (said) => {
        exchange.open(said);
        limits.maxFrameBytes = said.limits.max_frame_bytes;
        limits.maxDepth = said.limits.max_depth;
        Object.assign(process.env, said.secrets); // where the code of steps looks for them
      },
      onCall: () => watch.start(),
      steps,
      contextClass: options.context ?? PLAIN_CONTEXT,
      name: options.name ?? basename(process.argv[1] ?? 'plugin'),
      version: options.version ?? '',
    },
    writer,
  );
  output.write('\n', 'latin1'); // ends a line that something may have begun before
  const reader = readerOf({ server, limits, exchange, writer });
  input.on('data', (chunk: Buffer) => reader.push(chunk));
  await new Promise((resolve) => {
    input.once('end', resolve);
    input.once('error', resolve);
  });
  await finishOrLeave(server, output, parentAtStart);
}

const { max_frame_bytes: maxFrameBytes, max_depth: maxDepth } = DEFAULT_WIRE_LIMITS;

interface ReaderParts {
  readonly server: PluginServer;
  readonly limits: FrameReaderOptions;
  readonly exchange: ServedExchange;
  readonly writer: FrameWriter;
}

function readerOf({ server, limits, exchange, writer }: ReaderParts): FrameReader {
  const complain = (problem: string, beginning?: Buffer): void => {
    const text = `A message of the host could not be read (${problem}).`;
    const id = beginning === undefined ? undefined : requestIdIn(beginning);
    if (id === undefined) process.stderr.write(`${text}\n`);
    else server.refuse(id, text);
  };
  return new FrameReader(
    {
      onFrame: ({ frame, mayHoldTags }) => {
        if (frame.kind === 'request' && mayHoldTags) takeTagged(frame.frame, { server, exchange, writer });
        else if (frame.kind === 'request') server.onRequest(frame.frame);
        else if (frame.kind === 'notification') server.onNotification(frame.frame);
        else complain(`a ${frame.kind}, which only a plugin sends`);
      },
      onStray: (text, problem) => complain(problem, text),
      onTooLarge: (beginning) => complain('too large', beginning),
    },
    limits,
  );
}

/** A request some of whose values are tags, or in files. One whose values cannot be taken is refused. */
function takeTagged(frame: RequestFrame, { server, exchange, writer }: Omit<ReaderParts, 'limits'>): void {
  const { id, method, params = {} } = frame;
  let decoded: Record<string, unknown>;
  try {
    decoded = method === 'initialize' ? params : exchange.decode(params);
  } catch (error) {
    const isFile = error instanceof BadFileError;
    const more = isFile ? { pointer: error.pointer } : {};
    writeAnswer(writer, id, { error: wireErrorOf(isFile ? 'file_unusable' : 'invalid_message', error, more) });
    return;
  }
  server.onRequest({ ...frame, params: decoded });
}

/** The id of a request that cannot be read as a whole, so that its host does not wait for ever. */
function requestIdIn(beginning: Buffer): number | undefined {
  const [, digits] = /^\{"jsonrpc":"2\.0","id":(\d{1,15}),"method"/.exec(beginning.toString('latin1', 0, 64)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** A step that does not stop must not outlive its host, nor what it started. */
async function finishOrLeave(server: PluginServer, output: FrameSink, parentAtStart: number): Promise<void> {
  setTimeout(() => leaveWithHost(1, parentAtStart), LAST_WORDS_MS).unref();
  await server.finish();
  await new Promise((resolve) => output.write('', 'latin1', resolve)); // a long answer may still be on its way
  leaveWithHost(0, parentAtStart);
}

const LAST_WORDS_MS = 2000;
const EX_USAGE = 64;

function leaveWhenRunByHand(): void {
  if ((process.env['STEP_PROTOCOL_SESSION'] ?? '') !== '') return;
  process.stderr.write(
    'This program is a plugin: it speaks the step protocol on stdin and stdout. Start it from a workflow, or try: synapse-steps describe -- <its command>\n',
  );
  process.exit(EX_USAGE);
}
