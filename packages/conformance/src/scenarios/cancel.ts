import { demand } from '../subject/clause-failure.js';
import type { Answer } from '../subject/frame-judge.js';
import type { Asked, Subject } from '../subject/subject.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

/** What reaches a plugin while a step runs. */
export const CANCEL: readonly Scenario[] = [
  {
    name: 'cancel-race',
    title: 'a request that is cancelled at once is answered once: as cancelled, or with its result',
    clauses: ['CA-2', 'EN-4'],
    appliesTo: ({ capabilities }) => capabilities.cancel,
    run: async (bench) => {
      const subject = await bench.ready();
      const execute = subject.ask('execute', bench.callOf(bench.anyStep()));
      cancel(bench, subject, execute);
      demandCancelled(await subject.answerTo(execute, { clause: 'CA-2' }), 'EX-1');
      await subject.resultOf(subject.ask('describe'), 'CA-5');
    },
  },
  {
    name: 'cancel-nothing',
    title: 'a cancel of a request that is unknown or answered is ignored',
    clauses: ['CA-3'],
    appliesTo: ({ capabilities }) => capabilities.cancel,
    run: async (bench) => {
      const subject = await bench.ready();
      const answered = subject.ask('describe');
      await subject.resultOf(answered, 'DE-1');
      cancel(bench, subject, answered);
      cancel(bench, subject, { ...answered, id: UNUSED_ID });
      const execute = subject.ask('execute', bench.callOf(bench.anyStep()));
      const answer = await subject.answerTo(execute, { clause: 'CA-3' });
      const wasCancelled = answer.kind === 'error' && answer.error.code === CANCELLED;
      demand(!wasCancelled, 'CA-3', 'it cancelled a request that nobody had cancelled');
    },
  },
  {
    name: 'cancel-running',
    title: 'a running step stops when it is cancelled, also twice, and the next request is served',
    clauses: ['CA-2', 'CA-3', 'CA-4', 'CA-5'],
    appliesTo: ({ capabilities }) => capabilities.cancel,
    run: async (bench) => {
      const subject = await bench.ready();
      const execute = await runningStep(bench, subject);
      cancel(bench, subject, execute);
      cancel(bench, subject, execute);
      const answer = await subject.answerTo(execute, { clause: 'CA-4', ms: bench.patience.graceMs });
      demandCancelled(answer, 'CA-2');
      await subject.resultOf(subject.ask('describe'), 'CA-5');
    },
  },
  {
    name: 'ping',
    title: 'ping is answered between calls',
    clauses: ['PI-1'],
    appliesTo: ({ capabilities }) => capabilities.ping,
    run: async (bench) => {
      const subject = await bench.ready();
      await subject.resultOf(subject.ask('ping'), 'PI-1');
    },
  },
  {
    name: 'ping-busy',
    title: 'ping is answered while a step runs',
    clauses: ['PI-1'],
    appliesTo: ({ capabilities }) => capabilities.ping,
    run: async (bench) => {
      const subject = await bench.ready();
      const execute = await runningStep(bench, subject);
      const answer = await subject.answerTo(subject.ask('ping'), { clause: 'PI-1' });
      demand(answer.kind === 'result', 'PI-1', 'it answered ping with an error while a step ran');
      const isOpen = await subject.staysOpen(execute, 0);
      demand(isOpen, 'PI-1', 'it answered ping only after its step');
    },
  },
  {
    name: 'multiplexed',
    title: 'as many calls as it offers run at the same time, each answered and cancelled by itself',
    clauses: ['PC-6', 'CA-2'],
    appliesTo: ({ capabilities }) => capabilities.cancel && capabilities.max_in_flight > 1,
    run: async (bench) => {
      const subject = await bench.ready();
      const count = Math.min(bench.facts.capabilities.max_in_flight, MOST_AT_ONCE) - 1;
      const waiting: Asked[] = [];
      for (let call = 0; call < count; call += 1) waiting.push(await runningStep(bench, subject));
      await subject.answerTo(subject.ask('execute', bench.callOf(bench.anyStep())), { clause: 'PC-6' });
      while (waiting.length > 0) {
        const [cancelled, ...others] = waiting.splice(0) as [Asked, ...Asked[]];
        cancel(bench, subject, cancelled);
        const answer = await subject.answerTo(cancelled, { clause: 'PC-6', ms: bench.patience.graceMs });
        demandCancelled(answer, 'CA-2');
        for (const other of others)
          demand(await subject.staysOpen(other, 0), 'PC-6', 'a cancel ended another call, too');
        waiting.push(...others);
      }
    },
  },
  {
    name: 'host-gone',
    title: 'a running step does not outlive its host',
    clauses: ['SH-3'],
    appliesTo: ({ capabilities }) => capabilities.cancel,
    run: async (bench) => {
      const subject = await bench.ready();
      await runningStep(bench, subject);
      subject.endInput();
      await subject.exitWithin(bench.patience.goneMs, 'SH-3');
    },
  },
];

const UNUSED_ID = 4_000_000;
const UNDER_WAY_MS = 300;
const MOST_AT_ONCE = 4;

/** The step that waits, once it is under way. */
async function runningStep(bench: Bench, subject: Subject): Promise<Asked> {
  const name = bench.stepThat('waits');
  const execute = subject.ask('execute', bench.callOf(name));
  const waits = await subject.staysOpen(execute, UNDER_WAY_MS);
  demand(waits, 'EX-1', `the step '${name}' should run until it is cancelled, but was answered or died at once`);
  return execute;
}

function cancel(bench: Bench, subject: Subject, { id }: Asked): void {
  subject.tell('cancel', { id, reason: 'cancelled', grace_ms: bench.patience.graceMs });
}

function demandCancelled(answer: Answer, clause: string): void {
  if (answer.kind === 'result') return; // it was faster
  const { code } = answer.error;
  demand(code === CANCELLED, clause, `it answered a cancelled request with the error ${code}, not 1003`);
}

const CANCELLED = 1003;
