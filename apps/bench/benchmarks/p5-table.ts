// P5: how long a table of 17 MB takes from the host into a step in Python.
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from '../runner/benchmark.js';
import { countRounds, startAll } from '../runner/placed-rounds.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { nodeProbe } from '../runner/probe.js';
import { takeRounds } from '../runner/rounds.js';

export const table: Benchmark = {
  id: 'P5',
  title: 'a table of 17 MB from the host into a step in Python',
  run: runTable,
};

const byHand = 'by hand: write, SHA-256 twice, read';
const asBytes = 'synapse-steps, as bytes';

async function runTable({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const python = (await requirePython()).command;
  const candidate = (name: string, kind: string) => ({ name, probe: nodeProbe('table.js', [kind, python]) });
  await using probes = new ProbeGroup();
  say('making tables');
  const [bare, ...others] = await startAll(probes, [
    candidate(byHand, 'file'),
    candidate(asBytes, 'bytes'),
    candidate('synapse-steps, as rows', 'rows'),
    candidate('bare JSON lines, as rows', 'line'),
  ]);
  if (bare === undefined) throw new RangeError('There is no floor to measure.');
  const rounds = quick ? 3 : 9;
  // a file of 17 MB takes now more and now less time by itself
  const result = await takeRounds(bare, others, { rounds, warmUps: 3, allowedMove: 0.5 });
  const rows = rowsOf(result);
  const median = medianOf(rows, asBytes);
  return {
    id: table.id,
    title: table.title,
    unit: 'ms',
    rows,
    floor: result.floor.median,
    ratio: quotient(median, result.floor.median),
    target: '≤ 40 ms where by hand takes 29',
    checks: [{ name: 'as bytes ÷ by hand', value: quotient(median, result.floor.median), limit: 40 / 29, unit: '' }],
    rounds: countRounds([result]),
    notes: ['as rows, Python objects are made of 300,000 rows, which no way of sending them avoids'],
  };
}
