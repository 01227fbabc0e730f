export { ProcessRecording } from './process-recording.js';
export { readTranscript } from './read-transcript.js';
export { type SaidEntry, type TranscriptEntry, transcriptEntrySchema, type WrittenEntry } from './transcript-entry.js';
export { transcriptAt, TranscriptFile, TranscriptFileError } from './transcript-file.js';
