import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { withTexts } from '../../actions/cases/with-texts.js';
import { failedStep, isTo, requestsOf, stepsOf } from '../../actions/rules/rewriting.js';
import { triesOf } from '../../actions/rules/tries.js';
import type { TrainVector } from '../cases/train-vector.js';
import { continued } from '../model/run-model.js';
import { failing, failsIn, inWords } from './rewriting.js';
import type { Rewritten, TrainRule } from './train-rule.js';

/** What becomes of what was trained. */
export const modelRules: readonly TrainRule[] = [
  {
    id: 'weights-are-a-file',
    defects: ['TA-03'],
    where: '`weights_path` is a file, as the documentation of the SDK shows it',
    sdk: 'fails after the training, because it packs folders only',
    ours: 'packs the file',
    why: 'hours of training must not be lost for that',
    rewrite: (expect, vector) =>
      failsIn(expect, 'model_upload', /^Source path is not a directory/)
        ? continued(expect, vector, 'model_upload')
        : expect,
  },
  {
    id: 'weights-are-there',
    defects: ['TA-04'],
    where: '`weights_path` names nothing, or an empty folder',
    sdk: 'succeeds without a model, or with an empty one',
    ours: 'fails, and says so',
    why: 'a training without a model is no success',
    rewrite: (expect, vector) =>
      hasNoWeights(expect, vector) ? withoutModel(failing(expect, 'model_upload', '{any}')) : expect,
  },
  {
    id: 'fields-before-sending',
    defects: [],
    where: '`create_model` is given a field that models do not have',
    sdk: 'sends the file, and refuses the field then',
    ours: 'refuses it before anything is sent',
    why: 'what was sent cannot be taken back',
    rewrite(expect) {
      if (!failsIn(expect, 'train', /validation errors? for ModelCreateRequest/)) return expect;
      const requests = requestsOf(expect).filter(({ path }) => !path.startsWith('/chunked_upload/'));
      return { ...inWords(expect, 'These fields make no model: {any}'), requests };
    },
  },
  {
    id: 'model-is-looked-for',
    defects: ['W-18'],
    where: 'the request that registers the model is answered by 5xx, by 408, 425 or 429, or not at all',
    sdk: 'sends it again after 502 to 504, so that there may be two models, and fails after no answer, so that there may be one nobody knows of',
    ours: 'looks for the model by its name, which nobody else has, before it sends again, and when it is undone',
    why: 'there is to be one model, or none',
    rewrite: (expect, vector) =>
      withLooks({ ...expect, requests: requestsOf(expect).flatMap(withUploadLooks) }, vector),
  },
  {
    id: 'model-is-undone',
    defects: ['TA-05', 'W-09'],
    where: 'a run fails after the file of a model was sent',
    sdk: 'undoes nothing, and does not say what stays',
    ours: 'deletes what was sent, and models that were made, by API v2; what the backend does not delete (as here), and still has, is named as left behind',
    why: 'a failed training must not leave half of itself behind in silence',
    rewrite(expect) {
      const isSent = requestsOf(expect).some(
        ({ method, path, status }) => method === 'PUT' && path.startsWith('/chunked_upload/') && status === 200,
      );
      if (!isSent || failedStep(expect) === undefined) return expect;
      return { ...expect, requests: [...requestsOf(expect), ...UNDO_OF_UPLOAD] };
    },
  },
  {
    id: 'no-none-in-names',
    defects: [],
    where: 'a model has no name, and there is no job',
    sdk: 'calls it train_None_…',
    ours: 'calls it train_…',
    why: 'None is no name',
    rewrite: (expect) => withTexts(expect, (text) => text.replace(/^train_None_/, 'train_')) as Rewritten,
  },
  {
    id: 'empty-file-is-no-model',
    defects: [],
    where: '`create_model` is given an empty file',
    sdk: 'sends no chunk, and then asks for the end of an upload that is not there',
    ours: 'says that nothing can be sent',
    why: 'the answer 404 says nothing',
    rewrite(expect) {
      const requests = requestsOf(expect).filter((request) => !isTo(request, 'POST /chunked_upload/'));
      return requests.length === requestsOf(expect).length ? expect : { ...inWords(expect, '{any}'), requests };
    },
  },
];

/** The backend of the vectors does not delete it, and still has it. */
const UNDO_OF_UPLOAD: readonly RequestRecord[] = [
  { method: 'DELETE', path: '/v2/chunked-uploads/301/', status: 404 },
  { method: 'GET', path: '/chunked_upload/301/', status: 200 },
];
const AGAIN = [0, 502, 503, 504];
const TIMED_OUT = [502, 504];
const MAYBE_DONE = [0, 408, 425, 429];

/** How often it is looked whether the work was done all the same: where somebody may still be at it, more than once. */
function looksAfter(status: number): number {
  if (TIMED_OUT.includes(status)) return 3;
  return MAYBE_DONE.includes(status) || status >= 500 ? 1 : 0;
}

/** Whether an upload in chunks has ended is looked for, too, when a proxy does not say so. */
function withUploadLooks(request: RequestRecord): RequestRecord[] {
  const isEnd = request.method === 'POST' && /^\/chunked_upload\/\d+\/$/.test(request.path);
  if (!isEnd || !TIMED_OUT.includes(request.status)) return [request];
  return [
    request,
    ...Array.from({ length: 5 }, (): RequestRecord => ({ method: 'GET', path: request.path, status: 200 })),
  ];
}

/** The archive was sent; what follows is how its model is registered, and what an undo of that asks. */
function withLooks(expect: Rewritten, vector: TrainVector): Rewritten {
  const recorded = requestsOf(expect);
  const place = recorded.findIndex((request) => isTo(request, 'POST /models/'));
  const first = recorded[place];
  const tries = triesOf(vector.given, { method: 'POST', path: '/models/', good: 201, again: AGAIN });
  if (first === undefined || vector.given.action.create_model !== undefined || tries[0]?.status === 201) return expect;
  const { name } = first.json as { readonly name: string };
  const end = tries.findIndex(({ isDone }) => isDone);
  const sent = (end < 0 ? tries : tries.slice(0, end + 1)).flatMap((one) => [
    { ...first, status: one.status },
    ...looks(name, one.isDone && one.status !== 201 ? 1 : looksAfter(one.status)),
  ]);
  const requests = [...recorded.slice(0, place), ...sent];
  if (end >= 0) return { ...continued(expect, vector, 'model_upload'), requests };
  const last = tries.at(-1)?.status ?? 0;
  const unknown = last === 0 || last >= 500 ? looks(name, 2) : [];
  return { ...inWords(expect, '{any}'), requests: [...requests, ...unknown] };
}

function looks(name: string, count: number): RequestRecord[] {
  const query: [string, string][] = [
    ['name', name],
    ['page_size', '100'],
  ];
  return Array.from({ length: count }, () => ({ method: 'GET', path: '/models/', query, status: 200 }));
}

function hasNoWeights(expect: Rewritten, { given }: TrainVector): boolean {
  const upload = stepsOf(expect).find(({ name }) => name === 'model_upload');
  if (upload?.outcome !== 'completed') return false;
  if (upload.data?.['reason'] === 'path_not_found') return true;
  const path = (given.action.returns as { readonly weights_path?: string } | undefined)?.weights_path ?? '';
  const folder = path.replace('{root}/', '');
  return (
    given.action.writes[`${folder}/`] !== undefined &&
    !Object.keys(given.action.writes).some((name) => name.startsWith(`${folder}/`) && !name.endsWith('/'))
  );
}

function withoutModel(expect: Rewritten): Rewritten {
  const sent = /^\/(?:chunked_upload|models|jobs|plugin_releases)\//;
  return { ...expect, requests: requestsOf(expect).filter(({ path }) => !sent.test(path)), backend_after: {} };
}
