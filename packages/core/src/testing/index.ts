export { ManualClock } from './manual-clock.js';
export { MemoryJournal } from './memory-journal.js';
export { recordRun, type RecordedRun, type RecordRunOptions } from './record-run.js';
