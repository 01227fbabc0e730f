import { isNothing } from '../../actions/cases/compare-values.js';
import type { Problem } from '../../actions/cases/action-vector.js';
import { inOurWords, NO_STEPS, raisedInOurWords, type Words } from '../../actions/rules/our-words.js';
import {
  failedStep,
  isBrief,
  logsOf,
  raisedIn,
  stepsOf,
  withResult,
  withoutLines,
} from '../../actions/rules/rewriting.js';
import type { TrainVector } from '../cases/train-vector.js';
import { continued, returned } from '../model/run-model.js';
import { failsIn, inWords } from './rewriting.js';
import type { Rewritten, TrainRule } from './train-rule.js';

const WORDS: Words = [
  [/^'(\w+)' is not a valid DatasetFormat$/, "'$1' is no format of data sets. {any}"],
  [/^No backend client in context$/, 'No backend client in context. {any}'],
  [/^\d{3}, message='.*$/s, 'A file of event {any} cannot be fetched: {any}'],
  [/^File is not a zip file$/, 'The training cannot start from model {any}: {any}'],
  [/^\d{3} (?:Client|Server) Error: .*$/s, '{any}'],
  [/^Backend connection error: .*$/s, '{any}'],
  [/^\[Errno \d+\] .*$/s, '{any}'],
  [/^Model file not found: (.*)$/, '{any} cannot be sent: {any}'],
];

/** How a training tells what it does. */
export const tellingRules: readonly TrainRule[] = [
  {
    id: 'value-in-result',
    defects: ['W-16'],
    where: 'a training succeeds, and `execute` (or a step `train` of its own) has something to say',
    sdk: 'has what `execute` returned in the data of the step only',
    ours: 'has it in the result, as `value`',
    why: 'who runs a training wants to know what it came to',
    rewrite: (expect, vector) => ({
      ...expect,
      value: expect['result'] === undefined ? undefined : valueIn(expect, vector),
    }),
  },
  {
    id: 'nothing-is-nothing',
    defects: [],
    where: '`execute` returns nothing',
    sdk: 'has `{ result: null }` as the data of the step',
    ours: 'has no data',
    why: 'there is none',
    rewrite: (expect) => ({
      ...expect,
      steps: stepsOf(expect).map(({ data, ...step }) =>
        data === undefined || (step.name === 'train' && data['result'] === null) ? step : { ...step, data },
      ),
    }),
  },
  {
    id: 'ids-may-be-texts',
    defects: [],
    where: 'the id of a data set or model is a text',
    sdk: 'refuses every text that is not a whole number',
    ours: 'takes it: the backend says whether there is such a thing',
    why: 'the embedded backend, and later versions of the API, have such ids',
    rewrite(expect, vector) {
      const raised = raisedIn(expect);
      if (raised?.problems === undefined) return expect;
      const isText = ({ field, code }: Problem): boolean =>
        code === 'int_parsing' && ['dataset', 'checkpoint'].includes(field);
      const left = raised.problems.filter((problem) => !isText(problem));
      if (left.length > 0) return { ...expect, raised: { ...raised, problems: left } };
      return continued({ ...expect, steps: stepsNamed(vector.given.action.target_format) }, vector, 'dataset');
    },
  },
  {
    id: 'no-tuning',
    defects: [],
    where: 'a training searches for hyperparameters',
    sdk: 'does so by Ray Tune',
    ours: 'refuses the param, and says so',
    why: 'there is no Ray here',
    rewrite: (expect, { given }) =>
      given.params['is_tune'] === true && given.action.steps === undefined ? refused('is_tune') : expect,
  },
  {
    id: 'asked-before-it-begins',
    defects: [],
    where: 'there is no client of the backend',
    sdk: 'says that a download starts, and then that it cannot',
    ours: 'says that it cannot',
    why: 'nothing has started',
    rewrite(expect) {
      if (!failsIn(expect, 'dataset', /^No backend client in context/)) return expect;
      return { ...withoutLines(expect, /download_start|DOWNLOAD_STARTING/), progress: [] };
    },
  },
  {
    id: 'our-words',
    defects: [],
    where: 'a message is one of Python, or names its methods',
    sdk: 'says it in those words',
    ours: 'says what failed, and what to do, in words that hold here',
    why: 'who reads it has to know what to do',
    rewrite(expect) {
      const error = failedStep(expect)?.error;
      if (error === undefined) return raisedInOurWords(NO_STEPS, expect);
      const ours = inOurWords(WORDS, error);
      return ours === error ? expect : inWords(expect, ours);
    },
  },
  {
    id: 'as-2026.2',
    defects: [],
    where: 'a training was recorded with 2026.1',
    sdk: 'asks for the first page of the data set twice, downloads into a new folder each time, reports its progress under other names, and runs model_upload without anything to send',
    ours: 'does all of this as 2026.2 does',
    why: 'it is the newer behaviour, and the better one',
    rewrite: (expect, { sdk }) => (sdk?.startsWith('2026.1') === true ? asNewer(expect) : expect),
  },
];

/** A param that is refused before anything is done. */
function refused(field: string): Rewritten {
  const raised = { type: 'ValidationError', problems: [{ field, code: '', message: '' }] };
  return { raised, steps: [], rolled_back: [], requests: [], execute_calls: [], backend_after: {} };
}

function valueIn(expect: Rewritten, vector: TrainVector): unknown {
  const own = stepsOf(expect).find(({ name }) => name === 'train')?.data;
  const value = vector.given.action.steps === undefined ? returned(vector) : own;
  return isNothing(value) ? undefined : value;
}

function stepsNamed(format: string | undefined): object[] {
  const names = ['dataset', ...(format === undefined ? [] : ['convert']), 'train', 'model_upload'];
  return names.map((name) => ({ name, outcome: 'not-run' }));
}

function asNewer(expect: Rewritten): Rewritten {
  const text = JSON.stringify(expect).replaceAll(/(datasets\/\d+)_\{seconds\}/g, '$1');
  const { progress: _, ...rest } = JSON.parse(text) as Rewritten & { readonly requests: readonly object[] };
  const requests = rest.requests.filter(
    (request, index) => JSON.stringify(request) !== JSON.stringify(rest.requests[index - 1]),
  );
  let skipped = 0;
  const steps = stepsOf(rest).map((step) => {
    if (step.data?.['skipped'] !== true) return step;
    skipped += 1;
    return { name: step.name, outcome: 'skipped' as const };
  });
  const executed = (rest['result'] as { readonly steps_executed?: number } | undefined)?.steps_executed ?? 0;
  const logs = logsOf(rest)?.filter(isBrief);
  return withResult({ ...rest, requests, steps, ...(logs && { logs }) }, { steps_executed: executed - skipped });
}
