import { toErrorRecord } from '../errors/error-record.js';
import type { Clock } from '../orchestrator/clock.js';
import type { RunEvent, RunEventBody } from './run-event.js';

/** Called synchronously with each event; must not be slow. What it throws becomes an `observer-error` event. */
export type RunEventReader = (event: RunEvent) => void | Promise<void>;

/**
 * The events of one run, in order, to any number of readers. A reader can neither break nor reorder a run: events that a
 * reader causes (a cancel from inside a reader, its own error) are delivered after the one that it is reading.
 */
export class RunEventStream implements AsyncIterable<RunEvent> {
  readonly #runId: string;
  readonly #clock: Clock;
  readonly #readers = new Set<RunEventReader>();
  readonly #queue: { readonly event: RunEvent; readonly except: RunEventReader | undefined }[] = [];
  #seq: number;
  #delivering = false;
  #ended = false;
  #onEnd: (() => void)[] = [];

  constructor(options: { readonly runId: string; readonly clock: Clock; readonly lastSeq: number }) {
    this.#runId = options.runId;
    this.#clock = options.clock;
    this.#seq = options.lastSeq;
  }

  /** True while somebody reads; callers may spare themselves building an event otherwise. */
  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  /** Calls `reader` with each event from now on; returns what ends that. */
  subscribe(reader: RunEventReader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** The events from now on, to the end of the run; nothing is lost while the loop's body waits. */
  [Symbol.asyncIterator](): AsyncIterator<RunEvent, undefined> {
    return iterateEvents(this);
  }

  /** Numbers, dates and delivers an event. Events that nobody reads are only counted. */
  emit(body: RunEventBody, time?: string): void {
    this.#seq += 1;
    if (this.#readers.size === 0) return;
    this.#send(this.#complete(body, time));
  }

  /** Takes the place of {@link emit} where nobody reads: the event has its number, and is not built. */
  skip(): void {
    this.#seq += 1;
  }

  /** Emits the last event; whoever reads it finds that the run is over. Ends iterations. */
  emitLast(body: RunEventBody): void {
    this.#ended = true;
    this.emit(body);
    for (const listener of this.#onEnd.splice(0)) listener();
  }

  get ended(): boolean {
    return this.#ended;
  }

  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  #complete(body: RunEventBody, time = this.#clock.timestamp()): RunEvent {
    // The order of keys is what people see with `--json`: what, then where and when, then the rest.
    return { type: body.type, runId: this.#runId, seq: this.#seq, time, ...(body as object) } as RunEvent;
  }

  #send(event: RunEvent, except?: RunEventReader): void {
    if (this.#delivering) {
      this.#queue.push({ event, except });
      return;
    }
    this.#delivering = true;
    this.#deliver(event, except);
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#deliver(next.event, next.except);
    this.#delivering = false;
  }

  #deliver(event: RunEvent, except: RunEventReader | undefined): void {
    for (const reader of this.#readers) if (reader !== except) this.#call(reader, event);
  }

  #call(reader: RunEventReader, event: RunEvent): void {
    try {
      const pending = reader(event);
      if (pending instanceof Promise) pending.catch((error: unknown) => this.#report(reader, event, error));
    } catch (error) {
      this.#report(reader, event, error);
    }
  }

  #report(reader: RunEventReader, event: RunEvent, error: unknown): void {
    // An error while reading an observer-error would only breed more of them; after the end there is no place for one.
    if (event.type === 'observer-error' || this.#ended) return;
    this.#seq += 1;
    this.#send(this.#complete({ type: 'observer-error', error: toErrorRecord(error) }), reader);
  }
}

function iterateEvents(stream: RunEventStream): AsyncIterator<RunEvent, undefined> {
  const waiting: RunEvent[] = [];
  let wake: (() => void) | undefined;
  const unsubscribe = stream.subscribe((event) => {
    waiting.push(event);
    wake?.();
  });
  stream.onEnd(() => wake?.());
  return {
    async next() {
      while (waiting.length === 0 && !stream.ended) await new Promise<void>((resolve) => (wake = resolve));
      const value = waiting.shift();
      return value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    async return() {
      unsubscribe();
      return { done: true, value: undefined };
    },
  };
}
