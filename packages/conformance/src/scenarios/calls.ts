import { demand } from '../subject/clause-failure.js';
import { ROLE_NAMES } from './bench.js';
import type { Scenario } from './scenario.js';

/** Steps that are asked and run. */
export const CALLS: readonly Scenario[] = [
  {
    name: 'execute',
    title: 'a step is answered with a result, and everything that it sends is well-formed',
    clauses: ['EX-1', 'EN-3', 'EN-4'],
    run: async (bench) => {
      const subject = await bench.ready();
      await subject.resultOf(subject.ask('execute', bench.callOf(bench.anyStep())), 'EX-1');
      await subject.resultOf(subject.ask('describe'), 'EN-4'); // by now a second answer, or a late word, has come
    },
  },
  {
    name: 'fresh-process',
    title: 'a step runs in a process that has seen nothing but the handshake, asked before that is answered',
    clauses: ['CX-2', 'EN-9'],
    run: async (bench) => {
      const step = bench.anyStep();
      const used = await bench.ready();
      await used.answerTo(used.ask('execute', bench.callOf(step)));
      const usual = await used.answerTo(used.ask('execute', bench.callOf(step, { attempt: 2 })));
      const fresh = await bench.start();
      const requests = [
        fresh.prepare('initialize', bench.initializeParams()),
        fresh.prepare('describe'),
        fresh.prepare('execute', bench.callOf(step, { attempt: 2 })),
      ];
      fresh.write(requests.map(({ line }) => line).join(''));
      for (const asked of requests) {
        const clause = asked.method !== 'execute' ? 'EN-9' : usual.kind === 'result' ? 'CX-2' : 'EX-1';
        await fresh.resultOf(asked, clause);
      }
    },
  },
  {
    name: 'unknown-step',
    title: 'a step that it does not have is answered with an error',
    clauses: ['EX-2'],
    run: async (bench) => {
      const subject = await bench.ready();
      const answer = await subject.answerTo(subject.ask('execute', bench.callOf('_conformance unknown step')));
      demand(answer.kind === 'error', 'EX-2', 'it answered the execute of a step that it does not have with a result');
      const { code } = answer.error;
      bench.advise(code === INVALID_PARAMS, 'EX-2', `the code of its error for an unknown step is ${code}, not 1001`);
    },
  },
  {
    name: 'can-skip',
    title: 'can_skip is answered with a boolean, the same when it is asked again',
    clauses: ['SK-1'],
    appliesTo: ({ steps }) => steps.some((step) => step.can_skip),
    run: async (bench) => {
      const subject = await bench.ready();
      const { name = '' } = bench.stepWith((step) => step.can_skip) ?? {};
      const { attempt: _attempt, idempotency_key: _key, deadline_ms: _deadline, ...call } = bench.callOf(name);
      const first = await subject.resultOf(subject.ask('can_skip', call), 'SK-1');
      const second = await subject.resultOf(subject.ask('can_skip', call), 'SK-1');
      demand(first['skip'] === second['skip'], 'SK-1', `'${name}' was asked twice, and answered differently`);
    },
  },
  {
    name: 'prints',
    title: 'what a step prints does not come to stdout',
    clauses: ['ST-1'],
    appliesTo: ({ steps }, { prints }) => prints !== undefined || steps.some(({ name }) => name === ROLE_NAMES.prints),
    run: async (bench) => {
      const subject = await bench.ready();
      await subject.resultOf(subject.ask('execute', bench.callOf(bench.stepThat('prints'))), 'ST-1');
    },
  },
];

const INVALID_PARAMS = 1001;
