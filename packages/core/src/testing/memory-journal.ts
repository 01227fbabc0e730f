import type { RunEvent } from '../events/run-event.js';
import type { RunJournal } from '../journal/run-journal.js';

/**
 * A journal in memory: durable as long as the test. It keeps each commit as text, as a journal on disk would, and fails
 * when told to. `events` is what a host would find after a crash at this very moment.
 */
export class MemoryJournal implements RunJournal {
  readonly commits: (readonly RunEvent[])[] = [];
  /** Called before each commit; what it throws is what the disk would say. */
  onAppend: (events: readonly RunEvent[]) => void | Promise<void> = () => {};

  async append(events: readonly RunEvent[]): Promise<void> {
    await this.onAppend(events);
    this.commits.push(JSON.parse(JSON.stringify(events)) as RunEvent[]);
  }

  get events(): readonly RunEvent[] {
    return this.commits.flat();
  }
}
