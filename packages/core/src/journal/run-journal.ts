import type { RunEvent } from '../events/run-event.js';

/**
 * Where a run's events are kept so that it can be resumed or undone after a crash. Core owns this interface; a package
 * that stores things implements it.
 */
export interface RunJournal {
  /**
   * Stores the next events of one run, in order, all or none of them; resolves once they would survive a crash. After a
   * rejection the same events come again, with those that followed.
   */
  append(events: readonly RunEvent[]): Promise<void>;
}
