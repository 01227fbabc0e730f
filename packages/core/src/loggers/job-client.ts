import type { LogLevel } from '../events/run-event.js';

/** A line of a job's log as the backend takes it. */
export interface JobLogLine {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** RFC 3339, UTC. */
  readonly datetime: string;
  readonly job: string;
  readonly level: LogLevel;
  readonly step?: string;
  readonly file?: string;
}

export interface JobStepProgress {
  /** The step's share of the job in percent. */
  readonly proportion?: number;
  /** Its place, 0-based. */
  readonly order?: number;
  readonly percent?: number;
  /** Seconds. */
  readonly time_remaining?: number | null;
  /** Only for a step that failed. */
  readonly status?: 'failed';
}

/** How far a job is, as the backend takes it. Keys are the backend's. */
export interface JobProgressRecord {
  readonly record: JobStepProgress & { readonly steps: Readonly<Record<string, JobStepProgress>> };
  readonly current_progress: {
    /** 0 … 100, two decimals. */
    readonly overall: number;
    readonly step?: string;
    readonly percent?: number;
    readonly time_remaining?: number | null;
    readonly time_elapsed?: number;
    readonly order?: number;
    readonly status?: 'failed';
  };
}

export interface JobUpdate {
  readonly progress_record?: JobProgressRecord;
  readonly metrics_record?: {
    readonly record: { readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  };
}

/**
 * What a `JobLogger` needs of a backend's client; core owns it and does no I/O itself. A request that fails with an error
 * that says `outcomeUnknown` (the connection was lost after sending) is not repeated, any other log request is.
 */
export interface JobClient {
  updateJob(jobId: string, update: JobUpdate): void | Promise<void>;
  createLogs(lines: readonly JobLogLine[]): void | Promise<void>;
}
