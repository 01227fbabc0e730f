export { ManualClock } from './manual-clock.js';
export { MemoryJournal } from './memory-journal.js';
export { StandInCall } from './stand-in-call.js';
export { recordRun, type RecordedRun, type RecordRunOptions } from './record-run.js';
