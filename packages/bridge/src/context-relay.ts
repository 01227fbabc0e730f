import type { BaseStepContext, PatchOperation } from '@synapse-steps/core';
import { droppedText, LogThrottle } from './log-throttle.js';
import { ProgressThrottle } from './progress-throttle.js';
import type { LogParams, ProgressParams, UndoParams } from './protocol/notifications.js';
import type { PluginNotification } from './protocol/methods.js';
import type { CallListener, OngoingCall } from './session/pending-request.js';

/** Why something that a step reported could not be kept. */
export interface Unkept {
  readonly error: unknown;
}

/**
 * Speaks on a context for a step that runs in a plugin. What cannot be kept (undo data that the journal refuses, a
 * progress of 5 of 3) ends the call with that error, just as it would have been thrown into a step of this process.
 */
export class ContextRelay implements CallListener {
  readonly #context: BaseStepContext;
  readonly #apply: (patch: readonly PatchOperation[]) => void;
  /** Made for the first progress: most calls tell none. */
  #throttle: ProgressThrottle<ProgressParams> | undefined;
  #logs: LogThrottle<LogParams> | undefined;
  #call: OngoingCall<unknown> | undefined;
  #saves: Promise<void> | undefined;
  #failure: Unkept | undefined;

  /** `apply` takes over what the step says that it changed in the context. */
  constructor(context: BaseStepContext, apply: (patch: readonly PatchOperation[]) => void) {
    this.#context = context;
    this.#apply = apply;
  }

  /** The call that this relay hears of. */
  attach(call: OngoingCall<unknown>): void {
    this.#call = call;
  }

  /** Resolves when nothing that has come so far is still being saved: to the first thing that could not be kept. */
  async settled(): Promise<Unkept | undefined> {
    this.#throttle?.flush();
    this.#logs?.flush();
    if (this.#saves !== undefined) await this.#saves;
    return this.#failure;
  }

  onNotification(notification: PluginNotification): void {
    this.#guard(() => {
      switch (notification.method) {
        case 'progress':
          return (this.#throttle ??= this.#newThrottle()).add(notification.params);
        case 'metrics':
          return this.#context.setMetrics(notification.params.metrics, notification.params.category ?? undefined);
        case 'log':
          return (this.#logs ??= this.#newLogThrottle()).add(notification.params);
        case 'undo':
          return this.#saveUndo(notification.params);
      }
    });
  }

  onLines(lines: readonly string[], source: 'stdout' | 'stderr'): void {
    this.#guard(() => {
      for (const text of inChunks(lines)) this.#context.logLine(text, source);
    });
  }

  #newThrottle(): ProgressThrottle<ProgressParams> {
    return new ProgressThrottle((progress) => this.#guard(() => this.#progress(progress)));
  }

  #newLogThrottle(): LogThrottle<LogParams> {
    return new LogThrottle({
      show: (log) => this.#guard(() => this.#log(log)),
      onDropped: (count) => this.#guard(() => this.#context.logMessage(droppedText(count), 'warning')),
    });
  }

  #progress({ current, total, category, message }: ProgressParams): void {
    if (current === null || total === null) return; // only a sign of life
    this.#context.setProgress(current, total, {
      ...(category !== null && { category }),
      ...(message !== null && { message }),
    });
  }

  #log({ event, data, message, level }: LogParams): void {
    if (event !== null) this.#context.log(event, { ...data, ...(message !== null && { message }) }, level);
    else this.#context.logMessage(message ?? '', level);
  }

  /**
   * One after the other, so that a later delta never lands below an earlier one; the answer waits for all of them. Without
   * undo data it is a plugin's way to send changes ahead of an error, which any step may do.
   */
  #saveUndo({ data, patch, seq }: UndoParams): void {
    const save = async (): Promise<void> => {
      if (this.#failure !== undefined) return;
      try {
        this.#apply(patch as PatchOperation[]);
      } catch (error) {
        this.#fail(error); // but not without the undo data that came with the change
      }
      if (Object.keys(data).length > 0) await this.#context.saveUndo(data);
      if (this.#failure === undefined) this.#call?.confirmUndo(seq);
    };
    this.#saves = (this.#saves ?? Promise.resolve()).then(save).catch((error: unknown) => this.#fail(error));
  }

  #guard(forward: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      forward();
    } catch (error) {
      if (this.#context.undoAttempt === 0) this.#fail(error);
      else this.#failure = { error }; // half an undo is worse than one that fails when it is through
    }
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#call?.fail(error);
  }
}

/** A few lines each by itself; a flood in chunks of many lines, so that nothing of it is lost and nobody drowns in it. */
function inChunks(lines: readonly string[]): readonly string[] {
  if (lines.length <= FEW_LINES) return lines;
  const chunks: string[] = [];
  for (let at = 0; at < lines.length; at += CHUNK_LINES) chunks.push(lines.slice(at, at + CHUNK_LINES).join('\n'));
  return chunks;
}

const FEW_LINES = 20;
const CHUNK_LINES = 100;
