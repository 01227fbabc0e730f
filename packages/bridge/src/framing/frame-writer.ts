import type { JsonObject } from '../protocol/frame.js';
import { encodeFrame, type EncodeFrameOptions } from './encode-frame.js';

/** More bytes wait for the reader than the limit allows; nothing of this frame was written. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** Bounds of what is written. */
export interface FrameWriterOptions extends EncodeFrameOptions {
  /** Bytes that may wait for a slow reader before further frames are refused. */
  readonly maxQueuedBytes: number;
}

/** What frames are written to: a stream, or something that stands for one. */
export interface FrameSink {
  /** Bytes that wait to be taken. */
  readonly writableLength: number;
  write(text: string, encoding: 'latin1', onWritten?: (error: Error | null | undefined) => void): boolean;
}

/** Writes whole frames to a stream. */
export class FrameWriter {
  readonly #stream: FrameSink;
  readonly #options: FrameWriterOptions;

  constructor(stream: FrameSink, options: FrameWriterOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /**
   * Hands one frame to the stream. `onWritten` hears when the operating system has taken it, or why it has not: a
   * stream whose reader died emits no `drain`, and at times no `error` either.
   *
   * @throws FrameEncodeError or QueueFullError before anything is written.
   */
  write(frame: JsonObject, onWritten?: (error: Error | null | undefined) => void): void {
    const line = encodeFrame(frame, this.#options);
    const { writableLength } = this.#stream;
    if (writableLength + line.length > this.#options.maxQueuedBytes) {
      throw new QueueFullError(
        `${writableLength} bytes already wait for the reader, ${this.#options.maxQueuedBytes} are allowed`,
      );
    }
    this.#stream.write(line, 'latin1', onWritten);
  }
}
