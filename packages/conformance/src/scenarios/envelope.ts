import { demand } from '../subject/clause-failure.js';
import type { Scenario } from './scenario.js';

/** What is unknown, and what is answered. */
export const ENVELOPE: readonly Scenario[] = [
  {
    name: 'unknown-method',
    title: 'an unknown method is answered with −32601',
    clauses: ['EN-7'],
    run: async (bench) => {
      const subject = await bench.ready();
      const answer = await subject.answerTo(subject.ask('_conformance/unknown'), { clause: 'EN-7' });
      demand(answer.kind === 'error', 'EN-7', 'it answered a method that does not exist with a result');
      demand(
        answer.error.code === METHOD_NOT_FOUND,
        'EN-7',
        `it answered with the error ${answer.error.code}, not −32601`,
      );
    },
  },
  {
    name: 'unknown-fields',
    title: 'fields that it does not know are ignored',
    clauses: ['EN-5'],
    run: async (bench) => {
      const subject = await bench.ready({ _later: { deep: [1] } });
      await subject.resultOf(subject.ask('describe', { _later: 1 }, { _trace: 'x' }), 'EN-5');
    },
  },
  {
    name: 'unknown-notifications',
    title: 'notifications that it does not know are ignored',
    clauses: ['EN-6'],
    run: async (bench) => {
      const subject = await bench.ready();
      subject.tell('_conformance/note', {});
      subject.tell('later', { id: 1, any: 'thing' });
      await subject.answerTo(subject.ask('describe'), { clause: 'EN-6' });
    },
  },
];

const METHOD_NOT_FOUND = -32601;
