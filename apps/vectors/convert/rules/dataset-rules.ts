import { requestsOf, textOf, withResult } from '../../actions/rules/rewriting.js';
import type { DatasetVector } from '../cases/convert-vector.js';
import { converts, downloads, failingWith, logsOf, raisedIn, readsBack, type Rewritten } from './dataset-outcome.js';
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
      if (given.params['operation'] !== 'convert' || result === undefined || result.count !== null) return expect;
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
      if (given.params['operation'] === 'convert' || result?.count !== 0) return expect;
      const raised = { type: 'FileNotFoundError', message: 'The data set {any} has no events{any}' };
      const logs = logsOf(expect)?.filter((line) => !/download_complete|DOWNLOAD_COMPLETED/.test(JSON.stringify(line)));
      return { ...failingWith(expect, raised), ...(logs && { logs }), ...(readsBack(given) && { files: {} }) };
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
      const urls = requestsOf(expect).filter(({ path, status }) => path.startsWith('/_files/') && status === 200);
      if (new Set(urls.map(({ path }) => path)).size === urls.length) return expect;
      const seen = new Set<string>();
      const isFirst = ({ path, status }: (typeof urls)[number]): boolean =>
        !path.startsWith('/_files/') || status !== 200 || (!seen.has(path) && seen.add(path) !== undefined);
      return { ...expect, requests: requestsOf(expect).filter(isFirst), ...(readsBack(given) && { files: '{any}' }) };
    },
  },
  {
    id: 'downloads-are-tried-again',
    defects: [],
    where: 'the download of a file is answered by 502, 503 or 504, or not at all',
    sdk: 'fails',
    ours: 'asks again, as for any other request',
    why: 'one answer of a proxy is not worth a data set',
    dataset: (expect, vector) => (isTriedAgain(expect, vector) ? downloads(expect, vector) : expect),
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
  return /^required export contract field|got an unexpected keyword argument|has no attribute 'get_config_path'/.test(
    message,
  );
}

function withMark(expect: Rewritten): Rewritten {
  const files = expect['files'] as Readonly<Record<string, { readonly text?: string }>> | undefined;
  const mark = files?.['.complete'];
  return mark === undefined ? expect : { ...expect, files: { ...files, '.complete': { text: `${mark.text}\n{any}` } } };
}

function isTriedAgain(expect: Rewritten, { given }: DatasetVector): boolean {
  const { message = '', type = '' } = raisedIn(expect) ?? {};
  const isProxy = /^50[234], message=/.test(message) || type === 'ServerDisconnectedError';
  return (
    isProxy && given.faults.every(({ times = 1 }) => times <= 3) && textOf(given.params['operation']) !== 'convert'
  );
}
