import type { RequestRecord, StepRecord } from '../../actions/cases/action-vector.js';
import type { UploadVector } from '../cases/upload-vector.js';
import {
  isBrief,
  isTo,
  requestsOf,
  stepsOf,
  textOf,
  withLogs,
  withResult,
  withStep,
} from '../../actions/rules/rewriting.js';
import type { Rewritten } from './upload-rule.js';

export { isBrief, isTo, requestsOf, stepsOf, textOf, withLogs, withResult, withStep };

// What rules of the upload action have in common when they make one expectation of another.

export interface DataFileRecord {
  readonly id: number;
  readonly file: string | null;
  readonly checksum: string;
  readonly size: number;
}

export interface LeftOnBackend {
  readonly data_files?: readonly DataFileRecord[];
  readonly data_units?: readonly number[];
  readonly objects?: readonly string[];
}

export function leftOf(expect: Rewritten): LeftOnBackend {
  return expect['backend_after'] ?? {};
}

interface Specification {
  readonly name: string;
  readonly is_required?: boolean;
}

/** The file specifications of the collection that the params name. */
export function specificationsOf({ given }: UploadVector): readonly Specification[] {
  const collection = given.backend.data_collections?.[textOf(given.params['data_collection'])];
  return (collection?.['file_specifications'] ?? []) as unknown as readonly Specification[];
}

/** As Python's `Path.stem`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** A group of files as it goes to the backend: one entry of the body of `POST /data_units/`. */
export interface Unit {
  readonly data_collection: unknown;
  readonly files: Readonly<Record<string, { readonly checksum: string; readonly path: string }>>;
  readonly meta: Readonly<Record<string, unknown>> | string;
}

export function isUnits(request: RequestRecord): boolean {
  return isTo(request, 'POST /data_units/');
}

/** All groups that were offered to the backend, each once. */
export function unitsOf(expect: Rewritten): Unit[] {
  const bodies = requestsOf(expect)
    .filter(isUnits)
    .map(({ json }) => json as unknown as Unit[]);
  return [...new Map(bodies.flat().map((unit) => [JSON.stringify(unit.files), unit])).values()];
}

/** The ids that the backend gives to so many things. */
export function idsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** What is told on the way, and lists that the steps repeat, are not compared where the way is another one. */
export function withoutTelling({
  logs: _logs,
  progress: _progress,
  metrics: _metrics,
  ...expect
}: Rewritten): Rewritten {
  const steps = stepsOf(expect).map((step) => {
    const told = Object.entries(step.data ?? {}).filter(([name, value]) => !isFullList(name, value));
    return step.data === undefined
      ? step
      : { ...step, data: Object.fromEntries(told) as NonNullable<StepRecord['data']> };
  });
  return { ...expect, steps };
}

function isFullList(name: string, value: unknown): boolean {
  if (!Array.isArray(value) || name === 'file_specifications') return false;
  return (
    name !== 'organized_files' ||
    value.some((group) => typeof group === 'object' && group !== null && 'files' in group && 'meta' in group)
  );
}

/** The groups of files as `organize_files` tells them, in short or in full. */
export function organizedOf(expect: Rewritten): readonly Readonly<Record<string, string>>[] {
  const told = stepsOf(expect).find(({ name }) => name === 'organize_files')?.data?.['organized_files'];
  const groups = (told ?? []) as unknown as readonly Record<string, never>[];
  return groups.map(
    (group) => ('meta' in group && 'files' in group ? group['files'] : group) as Record<string, string>,
  );
}

/** So many groups arrived, and became so many data units: in the result, and in the data of the steps. */
export function withCounts(expect: Rewritten, groups: number, units: number = groups): Rewritten {
  const steps = stepsOf(expect).map((step): StepRecord => {
    const { data } = step;
    if (step.outcome !== 'completed' || data === undefined) return step;
    if (step.name === 'upload_files') {
      return { ...step, data: typeof data['uploaded_files'] === 'number' ? { uploaded_files: groups } : {} };
    }
    if (typeof data['generated_data_units'] === 'number') return { ...step, data: { generated_data_units: units } };
    if (data['statistics'] === undefined) return step;
    const import_total_files = units;
    const counted = { uploaded_files: groups, data_units: units, import_total_files };
    const statistics = {
      ...(data['statistics'] as object),
      ...counted,
      import_success_count: units,
      import_failed_count: 0,
    };
    return { ...step, data: { ...data, statistics } };
  });
  const lost = { partial_failure: false, lost_files_count: 0, lost_files: [] };
  return withResult({ ...expect, steps }, { uploaded_files: groups, data_units: units, ...lost });
}

/** The same run, had it not failed in `failed`: that step and the built-in ones after it succeed, nothing is undone. */
export function hadItSucceeded(expect: Rewritten, groups: number): Rewritten {
  const dataOf: Readonly<Record<string, object>> = {
    generate_data_units: {},
    cleanup: { cleanup_completed: true, statistics: { organized_files: groups } },
  };
  const steps = stepsOf(withoutTelling(expect)).map(({ error: _, ...step }): StepRecord => {
    if (step.outcome === 'completed' || step.outcome === 'skipped') return step;
    return { ...step, outcome: 'completed', data: (dataOf[step.name] ?? {}) as NonNullable<StepRecord['data']> };
  });
  const executed = steps.filter(({ outcome }) => outcome === 'completed').length;
  const result = { success: true, steps_executed: executed, steps_total: steps.length };
  const { raised: _, ...rest } = withoutTelling(expect);
  return withCounts({ ...rest, steps, rolled_back: [], result }, groups);
}

/** More requests, before the first one of that kind; none where there is none. */
export function insertBefore(
  requests: readonly RequestRecord[],
  wanted: string,
  more: readonly RequestRecord[],
): RequestRecord[] {
  const place = requests.findIndex((request) => isTo(request, wanted));
  return place < 0 ? [...requests] : [...requests.slice(0, place), ...more, ...requests.slice(place)];
}

/** What a request that stored a file through the backend made of it. */
export function storedBy({ form }: RequestRecord): Omit<DataFileRecord, 'id'>[] {
  return (form?.files ?? []).map(({ filename, md5, size }) => ({ file: filename, checksum: md5, size: Number(size) }));
}

export function numbered(files: readonly Omit<DataFileRecord, 'id'>[]): DataFileRecord[] {
  return files.map((file, index) => ({ id: 101 + index, ...file }));
}

/** The lists of what was uploaded and made, where the data of the steps has them in full. */
export function withUnits(expect: Rewritten, units: readonly Unit[]): Rewritten {
  const lists: Readonly<Record<string, unknown>> = {
    uploaded_files: units,
    generated_data_units: units.map((unit, index) => ({ id: 501 + index, ...unit })),
  };
  const steps = stepsOf(expect).map((step) => {
    const listed = Object.entries(step.data ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? (lists[name] ?? value) : value,
    ]);
    return step.data === undefined
      ? step
      : { ...step, data: Object.fromEntries(listed) as NonNullable<StepRecord['data']> };
  });
  const requests = requestsOf(expect).map((request) =>
    isUnits(request) ? { ...request, json: units as never } : request,
  );
  return { ...expect, steps, requests };
}

/** The look for data units whose making was not answered. */
export function lookForUnits({ given }: UploadVector): RequestRecord {
  const query: [string, string][] = [
    ['data_collection', textOf(given.params['data_collection'])],
    ['ordering', '-id'],
    ['page_size', '100'],
  ];
  return { method: 'GET', path: '/data_units/', query, status: 200 };
}

/** The look for files, by what they are known by. */
export function lookForFiles(checksums: readonly string[]): RequestRecord {
  return {
    method: 'POST',
    path: '/data_files/verify_checksums/',
    content_type: 'application/json',
    json: { checksums: [...checksums] },
    status: 200,
  };
}

/** How often it is looked: behind a proxy that gave up the work may still be going on. */
export function looksAfter(status: number, wasDone: boolean): number {
  return wasDone || status === 0 || status === 500 ? 1 : 3;
}
