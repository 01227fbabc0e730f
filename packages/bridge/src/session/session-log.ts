/** A line that a plugin printed, or that the session has to say about it, outside of any call. */
export interface SessionLogEntry {
  readonly plugin: string;
  readonly level: 'info' | 'warning';
  readonly message: string;
  /** Where the plugin printed it; left out for what the session itself says. */
  readonly source?: 'stdout' | 'stderr';
}

/** Hears what belongs to no call. */
export type SessionLog = (entry: SessionLogEntry) => void;
