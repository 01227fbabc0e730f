import { isDeepStrictEqual } from 'node:util';
import { demand } from '../subject/clause-failure.js';
import type { Scenario } from './scenario.js';

/** How a plugin ends. */
export const END: readonly Scenario[] = [
  {
    name: 'shutdown',
    title: 'shutdown is answered, and the end of stdin ends it with 0',
    clauses: ['SH-1', 'SH-2'],
    run: async (bench) => {
      const subject = await bench.ready();
      const answer = await subject.answerTo(subject.ask('shutdown', { deadline_ms: bench.patience.exitMs }), {
        clause: 'SH-1',
      });
      const isFine =
        answer.kind === 'result' ? isDeepStrictEqual(answer.result, {}) : answer.error.code === METHOD_NOT_FOUND;
      demand(isFine, 'SH-1', 'it answered shutdown neither with {} nor with −32601');
      subject.endInput();
      const exit = await subject.exitWithin(bench.patience.exitMs, 'SH-2');
      demand(exit.code === 0, 'SH-2', `it ended with ${exit.signal ?? `code ${exit.code}`}, not with code 0`);
    },
  },
  {
    name: 'end-of-input',
    title: 'the end of stdin ends it with 0, also without a shutdown',
    clauses: ['SH-2'],
    run: async (bench) => {
      const subject = await bench.ready();
      subject.endInput();
      const exit = await subject.exitWithin(bench.patience.exitMs, 'SH-2');
      demand(exit.code === 0, 'SH-2', `it ended with ${exit.signal ?? `code ${exit.code}`}, not with code 0`);
    },
  },
  {
    name: 'end-behind-call',
    title: 'the end of stdin right behind an answer ends it with 0: all that it got was the handshake and one call',
    clauses: ['PC-9', 'SH-2'],
    run: async (bench) => {
      const subject = await bench.start();
      const requests = [
        subject.prepare('initialize', bench.initializeParams()),
        subject.prepare('describe'),
        subject.prepare('execute', bench.callOf(bench.anyStep())),
      ];
      subject.write(requests.map(({ line }) => line).join(''));
      for (const asked of requests) await subject.answerTo(asked);
      subject.endInput();
      const exit = await subject.exitWithin(bench.patience.exitMs, 'PC-9');
      demand(
        exit.code === 0,
        'PC-9',
        `behind its answer it ended with ${exit.signal ?? `code ${exit.code}`}, not code 0`,
      );
    },
  },
];

const METHOD_NOT_FOUND = -32601;
