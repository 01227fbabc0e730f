import {
  isPluginNotification,
  logLevelSchema,
  type NotificationFrame,
  PLUGIN_NOTIFICATIONS,
} from '@synapse-steps/bridge/protocol';
import { clauseOfPlace, type Judgement, placeOf } from './judgement.js';

/** A notification of the plugin that has the shape of its method. */
export interface Note {
  readonly method: string;
  readonly id: number;
  readonly seq: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Judges what a notification says, whichever request it belongs to; `note` is missing when it has not even its shape. */
export function judgeNotification({ method, params = {} }: NotificationFrame): Judgement & { readonly note?: Note } {
  if (!isPluginNotification(method)) return { seen: [], violations: [] };
  const clause = CLAUSE_OF_NOTE[method];
  const seen = [clause, 'EN-8'];
  const parsed = PLUGIN_NOTIFICATIONS[method].safeParse(params);
  if (!parsed.success) {
    const violations = parsed.error.issues.map(({ path, message }) => {
      const place = placeOf(path);
      const broken = /^(?:id|seq)$/.test(place) ? 'EN-8' : (clauseOfPlace(place) ?? clause);
      return { clause: broken, text: `its '${method}' is wrong at '${place}': ${message}` };
    });
    return { seen, violations };
  }
  const problem = valueProblem(method, params);
  const { id, seq } = parsed.data;
  const note = { method, id, seq, params };
  return { seen, violations: problem === undefined ? [] : [{ clause, text: problem }], note };
}

const CLAUSE_OF_NOTE = { progress: 'NO-1', metrics: 'NO-2', log: 'NO-3', undo: 'UD-1' } as const;

/** What the schemas leave open, because the host is forgiving. */
function valueProblem(
  method: keyof typeof CLAUSE_OF_NOTE,
  params: Readonly<Record<string, unknown>>,
): string | undefined {
  if (method === 'progress') return progressProblem(params['current'] ?? null, params['total'] ?? null);
  if (method !== 'log') return undefined;
  if (!logLevelSchema.safeParse(params['level']).success)
    return `its log line has the level ${JSON.stringify(params['level'])}`;
  const isEmpty = (params['event'] ?? null) === null && (params['message'] ?? null) === null;
  return isEmpty ? 'its log line has neither event nor message' : undefined;
}

function progressProblem(current: unknown, total: unknown): string | undefined {
  if (current === null && total === null) return undefined;
  if (current === null || total === null) return 'its progress has only one of current and total';
  const [done, all] = [Number(current), Number(total)];
  return all > 0 && done >= 0 && done <= all ? undefined : `its progress is ${done} of ${all}`;
}
