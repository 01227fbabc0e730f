import { BaseLogger } from './base-logger.js';
import type { LogEntry } from './log-entry.js';

/** Keeps every line in memory, for tests and for showing a log afterwards. */
export class CollectingLogger extends BaseLogger {
  readonly entries: LogEntry[] = [];

  protected override write(entry: LogEntry): void {
    this.entries.push(entry);
  }
}
