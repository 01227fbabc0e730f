import { type FrameSink, FrameWriter, type FrameWriterOptions } from '../framing/frame-writer.js';
import type { JsonObject } from '../protocol/frame.js';
import type { ServedExchange } from './served-exchange.js';

/** Writes frames to the host, with the large values of answers and notifications in files. */
export class ServedWriter extends FrameWriter {
  readonly #exchange: ServedExchange;

  constructor(sink: FrameSink, options: FrameWriterOptions, exchange: ServedExchange) {
    super(sink, options);
    this.#exchange = exchange;
  }

  /** @throws FrameEncodeError, QueueFullError or ExchangeWriteError before anything is written. */
  override write(frame: JsonObject, onWritten?: (error: Error | null | undefined) => void): void {
    super.write(this.#packed(frame), onWritten);
  }

  #packed(frame: JsonObject): JsonObject {
    const { result, params, error } = frame;
    if (isObject(result)) return { ...frame, result: this.#exchange.pack(result) };
    if (isObject(params)) return { ...frame, params: this.#exchange.pack(params) };
    if (!isObject(error) || !isObject(error['data'])) return frame;
    return { ...frame, error: { ...error, data: this.#exchange.pack(error['data']) } };
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
