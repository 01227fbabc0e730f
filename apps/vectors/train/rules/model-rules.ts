import { isTo, requestsOf, stepsOf } from '../../actions/rules/rewriting.js';
import type { TrainVector } from '../cases/train-vector.js';
import { continued } from '../model/run-model.js';
import { failedStep, failing, failsIn, inWords, uploadsLookedFor } from './rewriting.js';
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
    id: 'answer-lost',
    defects: ['W-18'],
    where: 'the answer to the request that registers the model is lost',
    sdk: 'fails, and the model stays',
    ours: 'looks for the model by its name, which nobody else has, and goes on with it',
    why: 'otherwise there is a model of a failed training',
    rewrite(expect, vector) {
      const lost = vector.given.faults.some(({ path, after }) => path === '/models/' && after === true);
      if (!lost || !failsIn(expect, 'model_upload', /^Backend response incomplete/)) return expect;
      return withLook(continued(expect, vector, 'model_upload'), expect);
    },
  },
  {
    id: 'model-is-undone',
    defects: ['TA-05', 'W-09'],
    where: 'the backend refuses a model, so that the run fails after its file was sent',
    sdk: 'undoes nothing, and does not say what stays',
    ours: 'looks what of it is still there, and names it as left behind; models that were made are deleted by API v2',
    why: 'nobody can delete the upload of a file, but one can know of it',
    rewrite(expect) {
      const refused = requestsOf(expect).some(
        (request) => isTo(request, 'POST /models/') && request.status >= 400 && request.status < 500,
      );
      if (!refused || failedStep(expect) === undefined) return expect;
      return { ...expect, requests: [...requestsOf(expect), ...uploadsLookedFor(expect)] };
    },
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
];

/** The model is already there; nobody was told its id. */
function withLook(expect: Rewritten, recorded: Rewritten): Rewritten {
  const registered = requestsOf(recorded).find((request) => isTo(request, 'POST /models/'))?.json;
  const { name = '' } = (registered ?? {}) as { readonly name?: string };
  const query: [string, string][] = [
    ['name', name],
    ['page_size', '100'],
  ];
  return { ...expect, requests: [...requestsOf(recorded), { method: 'GET', path: '/models/', query, status: 200 }] };
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
