import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { LogRecord } from '../../actions/run/brief.js';
import { checksumAt, givenFiles, groupBy } from './given-files.js';
import {
  hadItSucceeded,
  idsFrom,
  isBrief,
  isTo,
  isUnits,
  leftOf,
  lookForUnits,
  looksAfter,
  requestsOf,
  specificationsOf,
  organizedOf,
  unitsOf,
  withLogs,
  withResult,
  withStep,
  type Unit,
} from './rewriting.js';
import type { Rewritten, UploadRule } from './upload-rule.js';

/** How data units are made, and what is reported of those that are not. */
export const unitRules: readonly UploadRule[] = [
  {
    id: 'single-works',
    defects: ['UA-02'],
    where: 'data units are made one by one (SingleDataUnitStrategy)',
    sdk: 'fails, because the step hands the strategy an argument that it does not take',
    ours: 'makes each by a request of its own',
    why: 'a strategy that cannot be used is none',
    rewrite(expect, vector) {
      const isSingle = vector.given.action.options?.['generate_data_units']?.['strategy'] === 'single';
      const isTypeError = JSON.stringify(expect['raised'] ?? null).includes('positional arguments');
      if (!isSingle || !isTypeError) return expect;
      const groups = organizedOf(expect);
      const sent = groups.map((group): RequestRecord => {
        const files = Object.entries(group).map(([spec, path]) => [
          spec,
          { checksum: checksumAt(vector, path, 'sha1'), path },
        ]);
        const unit = {
          data_collection: vector.given.params['data_collection'],
          files: Object.fromEntries(files) as object,
          meta: '{any}',
        };
        return {
          method: 'POST',
          path: '/data_units/',
          content_type: 'application/json',
          json: [unit] as never,
          status: 201,
        };
      });
      const left = { ...leftOf(expect), data_units: idsFrom(501, groups.length) };
      return hadItSucceeded(
        { ...expect, requests: [...requestsOf(expect), ...sent], backend_after: left },
        groups.length,
      );
    },
  },
  {
    id: 'looks-before-repeating',
    defects: ['W-18', 'UA-06'],
    where: 'the answer to new data units is lost: the connection ends, or a proxy says 502 or 504',
    sdk: 'sends them again after 502 and 504, so that they may be there twice; after a hang-up it reports them as failed, though they may be there',
    ours: 'looks which of them are there, and sends only those that are not',
    why: 'nothing is lost and nothing is stored twice',
    rewrite: looksBeforeRepeating,
  },
  {
    id: 'partial-failure-of-units',
    defects: ['UA-05'],
    where: 'the upload succeeds, and some groups did not become data units',
    sdk: 'reports a full success when a batch is given up, or when the backend answers with fewer units than it was sent',
    ours: 'sets partial_failure, and lists the groups with the reason',
    why: 'people must be able to send again what is missing',
    rewrite(expect) {
      const { uploaded_files: groups = 0, data_units: units = 0 } = (expect['result'] ?? {}) as Record<string, number>;
      if (groups <= units) return expect;
      let told = 0;
      const isSuccess = (): boolean => (told += 1) <= units;
      const change = (line: unknown): unknown => {
        if (isBrief(line) && line[2] === 'upload_data_unit' && line.length === 3)
          return isSuccess() ? line : [...line, '{any}'];
        if (isBrief(line) && line[3] === 'UPLOAD_DATA_UNITS_COMPLETED')
          return [line[0], 'warning', line[2], 'UPLOAD_DATA_UNITS_COMPLETED_WITH_FAILURES'];
        return line;
      };
      return withResult(withLogs(expect, change), { partial_failure: true });
    },
  },
  {
    id: 'report-names-all',
    defects: ['UA-04', 'W-10'],
    where: 'files are lost, left out as a group that is incomplete, or do not become a data unit',
    sdk: 'has in its import report what became a data unit, and what was unsafe; of incomplete groups nobody hears at all',
    ours: 'has a line for each of them, with the reason, and counts them as failed',
    why: 'the report is how people learn what did not arrive',
    rewrite(expect, vector) {
      const {
        uploaded_files: groups = 0,
        data_units: units = 0,
        lost_files_count: lost = 0,
      } = (expect['result'] ?? {}) as Record<string, number>;
      const more = lost + groups - units + incompleteFiles(expect, vector);
      if (more === 0) return expect;
      const counted = withStep(expect, 'cleanup', (step) => {
        const statistics = step.data?.['statistics'] as Record<string, number> | undefined;
        if (statistics === undefined) return step;
        const { import_total_files: total = 0, import_failed_count: failed = 0 } = statistics;
        const changed = { ...statistics, import_total_files: total + more, import_failed_count: failed + more };
        return { ...step, data: { ...step.data, statistics: changed } };
      });
      return withLogs(counted, (line) => withMoreFailures(line, more));
    },
  },
];

/** Files of groups that lack a required one, and those that differ from another one in the extension only. */
function incompleteFiles(expect: Rewritten, vector: Parameters<UploadRule['rewrite']>[1]): number {
  if (expect['result'] === undefined) return 0;
  const required = specificationsOf(vector).filter((spec) => spec.is_required === true);
  const byStem = groupBy(givenFiles(vector), ({ stem }) => stem);
  const places = groupBy(givenFiles(vector), ({ spec, folder, stem }) => `${spec}\n${folder}\n${stem}`);
  const twins = [...places.values()].reduce((sum, files) => sum + files.length - 1, 0);
  const isIncomplete = (files: readonly { readonly spec: string }[]): boolean =>
    !required.every(({ name }) => files.some(({ spec }) => spec === name));
  return twins + [...byStem.values()].filter(isIncomplete).flat().length;
}

function withMoreFailures(line: unknown, more: number): unknown {
  if (isBrief(line)) return line;
  const { event, data } = line as LogRecord;
  const counts = data as Record<string, number>;
  if (event === 'import_result' || event === 'import_result_admin') {
    const { total_files: total = 0, failed_count: failed = 0 } = counts;
    return {
      ...(line as LogRecord),
      data: { ...counts, total_files: total + more, failed_count: failed + more, entries: '{any}' },
    };
  }
  if (event !== 'IMPORT_COMPLETED') return line;
  const { import_total_files: total = 0, import_failed_count: failed = 0 } = counts;
  return {
    ...(line as LogRecord),
    data: { ...counts, import_total_files: total + more, import_failed_count: failed + more },
  };
}

const UNKNOWN = new Set([0, 502, 504]);

function looksBeforeRepeating(expect: Rewritten, vector: Parameters<UploadRule['rewrite']>[1]): Rewritten {
  const requests = requestsOf(expect);
  const lost = requests.find((request) => isUnits(request) && UNKNOWN.has(request.status));
  if (lost === undefined) return expect;
  const wasDone = vector.given.faults.some(
    (fault) => isTo({ ...lost, method: fault.method, path: fault.path }, 'POST /data_units/') && fault.after === true,
  );
  const looks = Array.from({ length: looksAfter(lost.status, wasDone) }, () => lookForUnits(vector));
  const place = requests.indexOf(lost);
  const isRepeat = (request: RequestRecord): boolean =>
    isUnits(request) && JSON.stringify(request.json) === JSON.stringify(lost.json);
  const rest = requests.slice(place + 1).filter((request) => !isRepeat(request));
  const again = wasDone ? [] : [{ ...lost, status: 201 }];
  const units: Unit[] = unitsOf(expect);
  const left = { ...leftOf(expect), data_units: idsFrom(501, units.length) };
  const sent = {
    ...expect,
    requests: [...requests.slice(0, place + 1), ...looks, ...again, ...rest],
    backend_after: left,
  };
  return hadItSucceeded(sent, units.length);
}
