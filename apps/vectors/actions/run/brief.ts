import type { StepRecord } from '../cases/action-vector.js';

/** A log entry in full, as a vector writes it. */
export interface LogRecord {
  readonly step: string | null;
  readonly level: string;
  readonly event: string;
  readonly data: unknown;
  readonly file?: unknown;
}

const COUNTED = new Set(['uploaded_files', 'generated_data_units', 'file_specifications', 'lost_files']);

/** The short form of a step: the same facts, without what the requests repeat, nor what its undo would need. */
export function briefStep({ rollback_data: _, ...step }: StepRecord): StepRecord {
  if (step.data === undefined) return step;
  const data = Object.entries(step.data).map(([name, value]) => [name, briefValue(name, value)] as const);
  return { ...step, data: Object.fromEntries(data) as NonNullable<StepRecord['data']> };
}

function briefValue(name: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (name === 'organized_files') return value.map((group: { readonly files?: unknown }) => group.files);
  return COUNTED.has(name) ? value.length : value;
}

/** `[step, level, event]`, and the key or the text of an entry that has one. */
export function briefLog({ step, level, event, data }: LogRecord): (string | null)[] {
  const { key, content, message, error } = (data ?? {}) as Record<string, string | undefined>;
  const text = event === 'message' ? (key ?? content) : (message ?? error);
  return text === undefined ? [step, level, event] : [step, level, event, text];
}
