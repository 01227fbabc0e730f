import { demand } from '../subject/clause-failure.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

/** How lines are read. */
export const FRAMING: readonly Scenario[] = [
  {
    name: 'line-ends',
    title: 'lines end at a line feed only; a carriage return before it and empty lines do not count',
    clauses: ['FR-2'],
    run: async (bench) => {
      const subject = await bench.start();
      const note = 'one\u2028two\u0085three\u000bfour'.replace('\u000b', '\\u000b');
      const initialize = subject.prepare('initialize', bench.initializeParams());
      const describe = subject.prepare('describe');
      const raw = describe.line.replace('"params":{}', `"params":{"_note":"${note}"}`);
      subject.write(`\n${initialize.line.replace('\n', '\r\n')}\n\r\n${raw}`);
      await subject.answerTo(initialize, { clause: 'FR-2' });
      await subject.answerTo(describe, { clause: 'FR-2' });
    },
  },
  {
    name: 'pieces',
    title: 'a line may arrive in pieces, cut anywhere, and many lines in one piece',
    clauses: ['FR-1', 'FR-2', 'EN-9'],
    run: async (bench) => {
      const subject = await bench.ready();
      const cut = subject.prepare('describe', { _note: 'K\u00f6ln' });
      const bytes = Buffer.from(cut.line.replace('K\\u00f6ln', 'K\u00f6ln'));
      const inside = bytes.indexOf(0xc3) + 1; // between the two bytes of one letter
      for (const part of [bytes.subarray(0, 1), bytes.subarray(1, inside), bytes.subarray(inside)]) {
        await subject.writeApart(part);
      }
      await subject.answerTo(cut, { clause: 'FR-2' });
      const many = Array.from({ length: MANY }, () => subject.prepare('describe'));
      subject.write(many.map(({ line }) => line).join(''));
      for (const asked of many) await subject.answerTo(asked, { clause: 'EN-9' });
    },
  },
  {
    name: 'one-mebibyte',
    title: 'a message of 1 MiB is taken',
    clauses: ['FR-3', 'EN-5'],
    run: async (bench) => {
      const subject = await bench.ready();
      await subject.answerTo(subject.ask('describe', { _note: 'x'.repeat(MEBIBYTE) }), { clause: 'FR-3' });
    },
  },
  {
    name: 'unreadable-lines',
    title: 'lines that cannot be read end nothing',
    clauses: ['FR-5'],
    run: async (bench) => {
      const subject = await bench.ready();
      subject.judge.mayComplain = true;
      for (const line of ['this is no JSON', '[1, 2]', '{"jsonrpc":"2.0","id":', 'null']) {
        subject.write(`${line}\n`);
        await stillServes(bench, subject, `the line ${line}`);
      }
      subject.write(Buffer.from([0xff, 0xfe, 0x22, 0x0a]));
      await stillServes(bench, subject, 'a line that is no UTF-8');
    },
  },
];

const MANY = 50;
const MEBIBYTE = 1024 * 1024;

async function stillServes(bench: Bench, subject: Awaited<ReturnType<Bench['ready']>>, what: string): Promise<void> {
  const answer = await subject.answerTo(subject.ask('describe'), { clause: 'FR-5', ms: bench.patience.answerMs });
  demand(answer.kind === 'result', 'FR-5', `after ${what} it did not answer describe with a result`);
}
