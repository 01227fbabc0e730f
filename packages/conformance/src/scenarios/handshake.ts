import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { stepExcesses } from '@synapse-steps/bridge/protocol';
import { ClauseFailure, demand } from '../subject/clause-failure.js';
import type { Scenario } from './scenario.js';

/** The first of all: without it nothing else can be tried. */
export const HANDSHAKE: Scenario = {
  name: 'handshake',
  title: 'initialize and describe are answered, both asked at once',
  clauses: ['IN-1', 'IN-2', 'IN-4', 'IN-5', 'DE-1', 'DE-5', 'DE-6', 'EN-9'],
  run: async (bench) => {
    const subject = await bench.start();
    const { protocol_version: version, steps } = await bench.shakeHands(subject);
    demand(version === 1, 'IN-2', `it picked version ${version}, which was not offered`);
    const names = steps.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    demand(twice === undefined, 'DE-1', `it has two steps called '${twice}'`);
    for (const step of steps) {
      const [excess] = stepExcesses(step);
      if (excess !== undefined) throw new ClauseFailure(excess.clause, `step '${step.name}' ${excess.text}`);
    }
  },
};

/** What is agreed before any step runs. */
export const BEFORE_STEPS: readonly Scenario[] = [
  {
    name: 'highest-version',
    title: 'of several versions the highest that it speaks is picked',
    clauses: ['IN-2'],
    run: async (bench) => {
      const subject = await bench.start();
      const initialize = subject.ask('initialize', bench.initializeParams({ protocol_versions: [FAR_VERSION, 1] }));
      const { protocol_version: version } = await subject.resultOf(initialize, 'IN-2');
      demand(version === 1, 'IN-2', `offered 1 and ${FAR_VERSION}, it picked ${JSON.stringify(version)}`);
    },
  },
  {
    name: 'no-common-version',
    title: 'without a version in common it says so, and exits with 0',
    clauses: ['IN-3'],
    run: async (bench) => {
      const subject = await bench.start();
      const initialize = subject.ask('initialize', bench.initializeParams({ protocol_versions: [FAR_VERSION] }));
      const answer = await subject.answerTo(initialize, { clause: 'IN-3' });
      demand(answer.kind === 'error', 'IN-3', `offered only version ${FAR_VERSION}, it accepted`);
      demand(
        answer.error.code === VERSION_MISMATCH,
        'IN-3',
        `it answered with the error ${answer.error.code}, not 1011`,
      );
      const isListed = Array.isArray(answer.error.data?.['supported']);
      bench.advise(isListed, 'IN-3', 'its error does not list in data.supported which versions it speaks');
      subject.endInput();
      const exit = await subject.exitWithin(bench.patience.exitMs, 'IN-3');
      demand(exit.code === 0, 'IN-3', `it then ended with ${exit.signal ?? `code ${exit.code}`}, not with code 0`);
    },
  },
  {
    name: 'secrets',
    title: 'a secret is neither printed nor sent back',
    clauses: ['IN-7'],
    run: async (bench) => {
      const secret = `secret-${randomUUID()}`;
      const subject = await bench.ready({ secrets: { CONFORMANCE_SECRET: secret } });
      await subject.answerTo(subject.ask('describe'));
      demand(!subject.wrote(secret), 'IN-7', 'the value of a secret stands in what it wrote');
    },
  },
  {
    name: 'by-hand',
    title: 'started by hand it says that it wants a host, and exits with 64',
    clauses: ['PC-3'],
    run: async (bench) => {
      const subject = await bench.startByHand();
      subject.endInput(); // of one that does otherwise nothing is wanted
      const exit = await subject.exitBefore(bench.patience.exitMs);
      const ending = exit === undefined ? 'it waited' : `it ended with ${exit.signal ?? `code ${exit.code}`}`;
      const without = 'without STEP_PROTOCOL_SESSION in its environment';
      bench.advise(exit?.code === WRONG_USE, 'PC-3', `${without} ${ending}, and not with code 64`);
      bench.advise(subject.stderrTail.length > 0, 'PC-3', `${without} it said nothing on stderr`);
    },
  },
  {
    name: 'describe-twice',
    title: 'describe says the same each time',
    clauses: ['DE-2'],
    run: async (bench) => {
      const subject = await bench.ready();
      const first = await subject.resultOf(subject.ask('describe'), 'DE-1');
      const second = await subject.resultOf(subject.ask('describe'), 'DE-1');
      demand(isDeepStrictEqual(first, second), 'DE-2', 'two answers to describe of one process differ');
    },
  },
];

const FAR_VERSION = 1_000_000;
const VERSION_MISMATCH = 1011;
const WRONG_USE = 64;
