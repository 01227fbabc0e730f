import type { RequestRecord } from './action-vector.js';

/** What a job is told over HTTP: its log, its progress and its metrics, whatever requests that took. */
export interface JobTraffic {
  /** All other requests. */
  readonly others: readonly RequestRecord[];
  /** Lines in order. */
  readonly lines: readonly unknown[];
  /** The last of each: only the newest counts. */
  readonly progress: { readonly overall: unknown; readonly steps: Readonly<Record<string, unknown>> } | undefined;
  readonly metrics: unknown;
}

interface Update {
  readonly progress_record?: {
    readonly record: { readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    readonly current_progress: Readonly<Record<string, unknown>>;
  };
  readonly metrics_record?: { readonly record: { readonly steps: Readonly<Record<string, unknown>> } };
}

/**
 * Takes the requests apart: how often a job is told of its progress, and how many lines go with one request, is left to
 * whoever tells it, and times cannot be compared.
 */
export function splitJobTraffic(requests: readonly RequestRecord[]): JobTraffic {
  const updates = requests.filter(isUpdate).map(({ json }) => json as Update);
  const progress = updates.findLast((update) => update.progress_record !== undefined)?.progress_record;
  return {
    others: requests.filter((request) => !isUpdate(request) && !isLines(request)),
    lines: requests.filter(isLines).flatMap(({ json }) => (Array.isArray(json) ? json : [json])),
    progress: progress && {
      overall: progress.current_progress['overall'],
      steps: Object.fromEntries(
        Object.entries(progress.record.steps).map(([name, step]) => [name, withoutTimes(step)]),
      ),
    },
    metrics: updates.findLast((update) => update.metrics_record !== undefined)?.metrics_record?.record.steps,
  };
}

function isUpdate({ method, path }: RequestRecord): boolean {
  return method === 'PATCH' && path.startsWith('/jobs/');
}

function isLines({ method, path }: RequestRecord): boolean {
  return method === 'POST' && path === '/logs/';
}

function withoutTimes({ time_remaining: _, ...step }: Readonly<Record<string, unknown>>): unknown {
  return step;
}
