import type { Problem, RequestRecord } from '../../actions/cases/action-vector.js';
import { datasetPart, hasConditions } from '../../actions/model/dataset-part.js';
import { isDownload, onceEach } from '../../actions/model/download.js';
import type { Rewritten } from '../../actions/rules/action-rule.js';
import { raisedIn, requestsOf, textOf, withoutLines, withResult } from '../../actions/rules/rewriting.js';
import type { DatasetVector } from '../cases/convert-vector.js';
import { converts, downloads, failingWith, readsBack } from './dataset-outcome.js';
import { withDocuments } from './annotation-files.js';
import type { ConvertRule } from './convert-rule.js';

/** The dataset action: downloads and conversions on behalf of a job. */
export const datasetRules: readonly ConvertRule[] = [
  {
    id: 'action-converts',
    defects: ['TA-01', 'TA-02', 'TA-06'],
    where: 'the dataset action converts to YOLO, COCO or Pascal VOC, or to DM',
    sdk: 'fails: its converters want other arguments, or name no config file',
    ours: 'converts',
    why: 'of eight pairs one would work',
    dataset: (expect, vector) => (isDeadConversion(expect) ? converts(expect, vector) : expect),
  },
  {
    id: 'formats-are-params',
    defects: [],
    where: 'the dataset action is given a format that does not exist',
    sdk: 'takes it as a param, and fails with it',
    ours: 'refuses the param',
    why: 'a param is refused before anything is done',
    dataset(expect, { given }) {
      const raised = raisedIn(expect);
      if (raised?.message === undefined || !raised.message.endsWith('is not a valid DatasetFormat')) return expect;
      const field = raised.message.includes(`'${textOf(given.params['source_format'])}'`)
        ? 'source_format'
        : 'target_format';
      return { ...expect, raised: { type: 'ValidationError', problems: [{ field, code: '', message: '' }] } };
    },
  },
  {
    id: 'complete-for-this',
    defects: ['TA-10'],
    where: 'the folder of a conversion is there already',
    sdk: 'returns it as it is, whatever is in it and whatever it was made of',
    ours: 'returns it if it was made of the same data in the same way, and else refuses to write over it',
    why: 'old data under the name of new data is worse than an error',
    dataset(expect) {
      if (!JSON.stringify(expect['logs'] ?? []).includes('convert_cache_hit')) return expect;
      return failingWith({ ...expect, logs: [] }, { type: 'RuntimeError', message: '{any} is there already{any}' });
    },
  },
  {
    id: 'conversions-are-counted',
    defects: [],
    where: 'the dataset action converts',
    sdk: 'does not say how many pictures it wrote',
    ours: 'says it, in the result and in the mark of a complete folder',
    why: 'who waits for it wants to know',
    dataset(expect, { given }) {
      const result = expect['result'] as { readonly count?: unknown } | undefined;
      if (isToDownload(given) || result === undefined || result.count !== null) return expect;
      return withMark(withResult(expect, { count: '{any}' }));
    },
  },
  {
    id: 'empty-is-an-error',
    defects: ['W-10'],
    where: 'a data set has no events',
    sdk: 'makes empty folders, and succeeds',
    ours: 'fails, and says what may be wrong',
    why: 'a trainer would only fail later',
    dataset(expect, { given }) {
      const result = expect['result'] as { readonly count?: unknown } | undefined;
      if (!isToDownload(given) || result?.count !== 0) return expect;
      const raised = { type: 'FileNotFoundError', message: 'The data set {any} has no events{any}' };
      const failing = failingWith(withoutLines(expect, /download_complete|DOWNLOAD_COMPLETED/), raised);
      return { ...failing, ...(readsBack(given) && { files: {} }) };
    },
  },
  {
    id: 'one-download-per-file',
    defects: ['TA-11'],
    where: 'several events have the same file',
    sdk: 'downloads it for each of them, and the document of one overwrites that of the other',
    ours: 'downloads it once, and gives each event a picture and a document of its own',
    why: 'no event may be lost, and no file is needed twice',
    dataset: (expect, { given }) => {
      const requests = onceEach(requestsOf(expect));
      if (requests.length === requestsOf(expect).length) return expect;
      return { ...expect, requests, ...(readsBack(given) && { files: '{any}' }) };
    },
  },
  {
    id: 'downloads-are-tried-again',
    defects: [],
    where: 'the download of a file is answered by 5xx or 429, or not at all',
    sdk: 'fails',
    ours: 'asks again, as for any other request',
    why: 'one answer of a proxy is not worth a data set',
    dataset: (expect, vector) => (isFailedDownload(expect) ? triedAgain(expect, vector) : expect),
  },
  {
    id: 'annotation-files-are-dm',
    defects: ['TA-07'],
    where: 'the annotations of an event come in a file of their own',
    sdk: 'writes boxes and outlines in a form that its own converters do not read, and points without coordinates',
    ours: 'writes DM with all places; what has no usable one is left out and told',
    why: 'the document is to be converted and trained on',
    dataset: (expect, { given }) => withDocuments(expect, given),
  },
  {
    id: 'listed-and-downloaded-at-once',
    defects: [],
    where: 'a data set has more events than travel at once',
    sdk: 'keeps the whole list in memory, and reports the downloads from the first one on',
    ours: 'reads the list as its files arrive; its downloads are reported once all events are known',
    why: 'the memory must not grow with the data set',
    dataset(expect, { given }) {
      if ((given.backend.ground_truth_events ?? []).length <= AT_ONCE) return expect;
      const progress = (expect['progress'] as readonly (readonly [string, number, number])[] | undefined)?.filter(
        ([name, percent]) => name !== 'download' || percent === 100,
      );
      return { ...expect, ...(progress && { progress }) };
    },
  },
  {
    id: 'nothing-half-downloaded',
    defects: [],
    where: 'a download into a named folder fails',
    sdk: 'leaves empty folders and what had arrived',
    ours: 'leaves nothing: the folder appears when it is complete',
    why: 'nobody can tell half a data set from a whole one',
    dataset: (expect, { given }) =>
      isToDownload(given) && raisedIn(expect) && readsBack(given) ? { ...expect, files: {} } : expect,
  },
  {
    id: 'progress-to-the-end',
    defects: ['W-17'],
    where: 'the dataset action runs in a job',
    sdk: 'tells the job of shares that never come to an end, and of parts of the work as steps',
    ours: 'tells it of one step, which ends at 100',
    why: 'people look there for what is going on',
    dataset: (expect, { given }) =>
      given.logger === 'job'
        ? { ...expect, requests: requestsOf(expect).filter(({ method }) => method !== 'PATCH') }
        : expect,
  },
  {
    id: 'cache-knows-conditions',
    defects: ['TA-10'],
    where: 'a split has conditions beside its name',
    sdk: 'keeps the data in its cache by the names of the splits only',
    ours: 'has the conditions in the name of the folder',
    why: 'other conditions are other data',
    dataset(expect, { given }) {
      const { splits, output_dir: folder } = given.params as Readonly<Record<string, never>>;
      const isCached = expect['result'] !== undefined && !folder && hasConditions(splits ?? {});
      return isCached ? withResult(expect, { path: datasetPart(given).path }) : expect;
    },
  },
  {
    id: 'params-as-in-training',
    defects: ['TA-08'],
    where: 'the id of a data set is a text, or a split has null in place of its conditions',
    sdk: 'refuses it, though a training takes the latter',
    ours: 'takes both: an id may be a text, and null is no condition',
    why: 'the params of both mean the same',
    dataset(expect, vector) {
      const raised = raisedIn(expect);
      const isTaken = ({ field, code }: Problem): boolean =>
        (field === 'dataset' && code === 'int_parsing') ||
        (field.startsWith('splits.') && code === 'dict_type' && isNull(vector, field));
      const left = raised?.problems?.filter((problem) => !isTaken(problem));
      if (raised === undefined || left === undefined || left.length === raised.problems?.length) return expect;
      return left.length > 0 ? { ...expect, raised: { ...raised, problems: left } } : downloads(expect, vector);
    },
  },
  {
    id: 'asked-before-it-begins',
    defects: [],
    where: 'there is no client of the backend',
    sdk: 'says that a download starts, and then that it cannot',
    ours: 'says that it cannot',
    why: 'nothing has started',
    dataset(expect) {
      if (raisedIn(expect)?.message !== 'No backend client in context') return expect;
      const raised = { type: 'RuntimeError', message: 'No backend client in context. {any}' };
      return { ...failingWith(expect, raised), progress: [], logs: [] };
    },
  },
  {
    id: 'one-kind-of-error',
    defects: [],
    where: 'the backend does not answer as it should',
    sdk: 'fails with one of the errors of its HTTP clients',
    ours: 'fails with its own error, which says what was asked and what was answered',
    why: 'a program can tell by its code what to do',
    dataset(expect) {
      const raised = raisedIn(expect);
      if (raised === undefined || KNOWN_ERRORS.includes(raised.type)) return expect;
      return failingWith(expect, { type: 'RuntimeError', message: '{any}' });
    },
  },
];

const AT_ONCE = 10;

const KNOWN_ERRORS = ['RuntimeError', 'ValueError', 'FileNotFoundError', 'ValidationError'];

function isDeadConversion(expect: Rewritten): boolean {
  const { message = '' } = raisedIn(expect) ?? {};
  return /^required export contract field|got an unexpected keyword argument|has no attribute 'get_config_path'|^No converter available for/.test(
    message,
  );
}

function isToDownload({ params }: DatasetVector['given']): boolean {
  return params['operation'] !== 'convert';
}

function isNull({ given }: DatasetVector, field: string): boolean {
  const splits = given.params['splits'] as Readonly<Record<string, unknown>>;
  return splits[field.slice('splits.'.length)] === null;
}

function withMark(expect: Rewritten): Rewritten {
  const files = expect['files'] as Readonly<Record<string, { readonly text?: string }>> | undefined;
  const mark = files?.['.complete'];
  return mark === undefined ? expect : { ...expect, files: { ...files, '.complete': { text: `${mark.text}\n{any}` } } };
}

/** What aiohttp says of an answer that is no success, or of none. */
function isFailedDownload(expect: Rewritten): boolean {
  const { message = '', type = '' } = raisedIn(expect) ?? {};
  return /^\d{3}, message=/.test(message) || type === 'ServerDisconnectedError';
}

/** With the file that failed asked for again; all of it when that helps. */
function triedAgain(expect: Rewritten, vector: DatasetVector): Rewritten {
  const { requests } = datasetPart(vector.given);
  const isThere = ({ path }: RequestRecord): boolean => requests.some((one) => one.path === path && one.status === 200);
  const failed = requestsOf(expect).filter((request) => isDownload(request) && request.status !== 200);
  if (failed.every(isThere)) return downloads(expect, vector);
  const again = failed.slice(0, 1).flatMap(({ path }) => requests.filter((one) => one.path === path));
  const others = requestsOf(expect).filter(({ path }) => path !== failed[0]?.path);
  return { ...failingWith(expect, { type: 'RuntimeError', message: '{any}' }), requests: [...others, ...again] };
}
