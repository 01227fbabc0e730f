import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { withTexts } from '../../actions/cases/with-texts.js';
import { datasetPart, hasConditions } from '../../actions/model/dataset-part.js';
import { downloadTries, isDownload, onceEach } from '../../actions/model/download.js';
import { failedStep, requestsOf, stepsOf, textOf } from '../../actions/rules/rewriting.js';
import type { TrainVector } from '../cases/train-vector.js';
import { checkpointRequests } from '../model/checkpoint-part.js';
import { continued } from '../model/run-model.js';
import { failing, failsIn, inWords } from './rewriting.js';
import type { Rewritten, TrainRule } from './train-rule.js';

/** What a training gets to train on. */
export const dataRules: readonly TrainRule[] = [
  {
    id: 'cache-knows-conditions',
    defects: ['TA-10'],
    where: 'a split has conditions beside its name',
    sdk: 'keeps the data in its cache by the names of the splits only: other conditions, same old data',
    ours: 'has the conditions in the name of the folder',
    why: 'other conditions are other data',
    rewrite(expect, { given }) {
      const splits = (given.params['splits'] ?? {}) as Readonly<Record<string, object | null>>;
      if (Array.isArray(splits) || !hasConditions(splits)) return expect;
      const name = [textOf(given.params['dataset']), ...Object.keys(splits).toSorted()].join('_');
      const place = `{temp}/datasets/${name}`;
      return withTexts(expect, (text) => text.replace(place, `${place}_{random}`)) as Rewritten;
    },
  },
  {
    id: 'null-is-no-condition',
    defects: ['TA-08'],
    where: 'a split has null in place of its conditions',
    sdk: 'takes it as a param, and fails with it when it downloads',
    ours: 'takes it for a split without conditions',
    why: 'there is nothing else that it could mean',
    rewrite: (expect, vector) =>
      failsIn(expect, 'dataset', /^\d+ validation errors? for DatasetParams/) && areSplitsUsable(vector)
        ? continued(expect, vector, 'dataset')
        : expect,
  },
  {
    id: 'downloads-are-tried-again',
    defects: [],
    where: 'the download of a file is answered by 5xx or 429, or not at all',
    sdk: 'fails',
    ours: 'asks again, three times at most, as for any other request',
    why: 'one answer of a proxy is not worth a data set',
    rewrite(expect, vector) {
      const place = failedStep(expect)?.name;
      if (!isFailedDownload(failedStep(expect)?.error)) return expect;
      if (place === 'dataset')
        return isDatasetThere(vector) ? continued(expect, vector, 'dataset') : withTries(expect, vector);
      if (place === 'train' && isCheckpointThere(vector)) return continued(withoutCheckpoint(expect), vector, 'train');
      return withTries(expect, vector);
    },
  },
  {
    id: 'one-download-per-file',
    defects: ['TA-11'],
    where: 'several events have the same file',
    sdk: 'downloads it for each of them, and the document of one overwrites that of the other',
    ours: 'downloads it once, and gives each event a picture and a document of its own',
    why: 'no event may be lost, and no file is needed twice',
    rewrite: (expect) => ({ ...expect, requests: onceEach(requestsOf(expect)) }),
  },
  {
    id: 'empty-is-an-error',
    defects: ['W-10'],
    where: 'a data set has no events at all',
    sdk: 'goes on, and trains on nothing',
    ours: 'fails, and says what may be wrong',
    why: 'a trainer would only fail later',
    rewrite(expect) {
      const data = stepsOf(expect).find(({ name }) => name === 'dataset')?.data;
      if (data?.['count'] !== 0) return expect;
      const text = `The data set {any} has no events{any}`;
      return { ...failing(expect, 'dataset', text), execute_calls: [] };
    },
  },
  {
    id: 'nothing-converted-is-an-error',
    defects: ['W-10'],
    where: 'no picture has what the format of the training wants, such as a classification',
    sdk: 'writes a data set without pictures, and trains on it',
    ours: 'fails, and says what became of the first picture',
    why: 'a trainer would only fail later',
    rewrite(expect, { given }) {
      const isDone = stepsOf(expect).some(({ name, outcome }) => name === 'convert' && outcome === 'completed');
      if (!isDone || given.action.target_format !== 'imagefolder' || hasClassification(given)) return expect;
      return {
        ...failing(expect, 'convert', 'Nothing of {any}'),
        execute_calls: [],
        requests: onceEach(filesOnly(expect)),
      };
    },
  },
  {
    id: 'splits-as-named',
    defects: [],
    where: 'a training names its splits, and not both train and valid among them',
    sdk: 'downloads them, and then wants train and valid to convert them',
    ours: 'converts the splits that were named',
    why: 'who names them knows them',
    rewrite: (expect, vector) =>
      failsIn(expect, 'convert', /^Required directory "(?:train|valid)" does not exist/)
        ? continued(expect, vector, 'convert')
        : expect,
  },
  {
    id: 'formats-convert',
    defects: ['TA-01', 'TA-02'],
    where: 'a training wants YOLO, COCO or Pascal VOC',
    sdk: 'fails when it converts, whatever the data',
    ours: 'converts, to the layout for training, and goes on',
    why: 'otherwise only image folders can be trained on',
    rewrite: (expect, vector) =>
      failsIn(expect, 'convert', /^required export contract field|got an unexpected keyword argument/)
        ? continued(expect, vector, 'convert')
        : expect,
  },
  {
    id: 'folder-is-the-data',
    defects: ['TA-09'],
    where: 'a training names no format',
    sdk: 'gives `execute` the path of a dataset.yaml that is not there',
    ours: 'gives it the folder of the data set',
    why: 'a path has to name something',
    rewrite(expect) {
      const calls = (expect['execute_calls'] ?? []) as readonly Readonly<Record<string, unknown>>[];
      const changed = calls.map((call) => {
        const path = String(call['data_path']);
        if (call['data_path_exists'] !== false || !path.endsWith('/dataset.yaml')) return call;
        return { ...call, data_path: path.slice(0, -'/dataset.yaml'.length), data_path_exists: true };
      });
      return { ...expect, execute_calls: changed };
    },
  },
  {
    id: 'final-path-is-told',
    defects: [],
    where: 'the log tells where a data set was downloaded or converted to',
    sdk: 'tells the name of the folder before it was renamed, which nobody finds',
    ours: 'tells where it is',
    why: 'a path has to name something',
    rewrite: (expect) => withTexts(expect, (text) => text.replace(/\.tmp_([\w{}]+)_\{pid\}/, '$1')) as Rewritten,
  },
];

function areSplitsUsable({ given }: TrainVector): boolean {
  const splits = (given.params['splits'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.values(splits).every(
    (filters) => filters === null || (typeof filters === 'object' && !Array.isArray(filters)),
  );
}

/** What aiohttp and requests say of an answer that is no success, or of none. */
function isFailedDownload(error = ''): boolean {
  return /^\d{3}, message=|^\d{3} (?:Client|Server) Error: |^Server disconnected|^\('Connection aborted/.test(error);
}

function isDatasetThere({ given }: TrainVector): boolean {
  return filesThere(datasetPart(given).requests);
}

function isCheckpointThere(vector: TrainVector): boolean {
  return filesThere(checkpointRequests(vector));
}

function filesThere(requests: readonly RequestRecord[]): boolean {
  const files = requests.filter(isDownload);
  const paths = new Set(files.map(({ path }) => path));
  return [...paths].every((wanted) => files.some(({ path, status }) => path === wanted && status === 200));
}

/** The request for a file that failed, as often as it is sent. */
function withTries(expect: Rewritten, { given }: TrainVector): Rewritten {
  const failed = new Set(
    requestsOf(expect).flatMap((request) =>
      isDownload(request) && request.status !== 200 && request.status !== 404 ? [request.path] : [],
    ),
  );
  const done = new Set<string>();
  const requests = requestsOf(expect).flatMap((request) => {
    if (!failed.has(request.path)) return [request];
    if (done.has(request.path)) return [];
    done.add(request.path);
    return downloadTries(given, request.path);
  });
  const words = failedStep(expect)?.name === 'dataset' ? 'A file of event {any} cannot be fetched: {any}' : '{any}';
  return { ...inWords(expect, words), requests };
}

function withoutCheckpoint(expect: Rewritten): Rewritten {
  const place = requestsOf(expect).findIndex(({ path }) => path.startsWith('/models/'));
  return place < 0 ? expect : { ...expect, requests: requestsOf(expect).slice(0, place) };
}

function filesOnly(expect: Rewritten): RequestRecord[] {
  return requestsOf(expect).filter((request) => isDownload(request) || request.path.startsWith('/sdk/'));
}

interface Event {
  readonly data?: { readonly images?: readonly { readonly classification?: readonly unknown[] }[] };
}

function hasClassification({ backend }: TrainVector['given']): boolean {
  const events = (backend.ground_truth_events ?? []) as Event[];
  // Annotations that come in a file of their own are not looked into here.
  return events.some(({ data }) => data?.images === undefined || (data.images[0]?.classification ?? []).length > 0);
}
