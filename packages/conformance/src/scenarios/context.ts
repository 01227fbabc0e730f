import type { JsonObject } from '@synapse-steps/bridge/protocol';
import { demand } from '../subject/clause-failure.js';
import type { Asked, Subject } from '../subject/subject.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

/** What has changed in a context, instead of the whole; for plugins that declare it. */
export const CONTEXT: readonly Scenario[] = [
  {
    name: 'context-delta',
    title: 'what has changed in the context is applied to what the call before left',
    clauses: ['CX-7'],
    appliesTo: ({ capabilities }) => capabilities.context_delta,
    run: async (bench) => {
      const subject = await bench.ready();
      await subject.resultOf(subject.ask('execute', bench.callOf(bench.anyStep())), 'EX-1');
      await subject.resultOf(ask(bench, subject, [1, 2, { op: 'add', path: '/_conformance', value: {} }]), 'CX-7');
      await subject.resultOf(ask(bench, subject, [2, 3, { op: 'add', path: '/_conformance/a', value: [1] }]), 'CX-7');
      await subject.resultOf(
        ask(bench, subject, [3, 4, { op: 'replace', path: '/_conformance/a/0', value: 2 }]),
        'CX-7',
      );
      const unfit = ask(bench, subject, [4, 5, { op: 'remove', path: '/_conformance/missing' }]);
      await demandMissing(subject, unfit, { clause: 'CX-7', why: 'changes that do not fit what it holds' });
    },
  },
  {
    name: 'context-base',
    title: 'a call that builds on a context which is not there is refused, and does nothing',
    clauses: ['CX-8'],
    appliesTo: ({ capabilities }) => capabilities.context_delta,
    run: async (bench) => {
      const subject = await bench.ready();
      const change = { op: 'add', path: '/_conformance', value: 1 };
      await demandMissing(subject, ask(bench, subject, [1, 2, change]), {
        clause: 'CX-8',
        why: 'a base, though it had seen no call',
      });
      await subject.resultOf(subject.ask('execute', bench.callOf(bench.anyStep())), 'EX-1');
      const wrong = [
        [ask(bench, subject, [7, 8, change]), 'a revision that it was never sent'],
        [ask(bench, subject, [1, 9, change, { run_id: 'conformance-2' }]), 'a revision of another run'],
      ] as const;
      for (const [asked, why] of wrong) await demandMissing(subject, asked, { clause: 'CX-8', why });
    },
  },
];

type Delta = readonly [base: number, rev: number, operation: JsonObject, more?: JsonObject];

function ask(bench: Bench, subject: Subject, [base, rev, operation, more = {}]: Delta): Asked {
  const context = { base, rev, patch: [operation] };
  return subject.ask('execute', bench.callOf(bench.anyStep(), { context, ...more }));
}

async function demandMissing(
  subject: Subject,
  asked: Asked,
  { clause, why }: { readonly clause: string; readonly why: string },
): Promise<void> {
  const answer = await subject.answerTo(asked);
  const isMissing = answer.kind === 'error' && answer.error.code === 1009;
  demand(isMissing, clause, `a call that built on ${why} was not answered with 1009 (context_base_missing)`);
}
