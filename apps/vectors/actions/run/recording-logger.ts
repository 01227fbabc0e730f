import { BaseLogger, type LogEntry } from '@synapse-steps/core';

/** Hands each line to a recorder. */
export class RecordingLogger extends BaseLogger {
  readonly #note: (entry: LogEntry) => void;

  constructor(note: (entry: LogEntry) => void) {
    super();
    this.#note = note;
  }

  protected override write(entry: LogEntry): void {
    this.#note(entry);
  }
}
