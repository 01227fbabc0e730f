// P8: how soon a caller hears that its call came to a bad end.
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

export const endings: Benchmark = {
  id: 'P8',
  title: 'from the cause of a bad end to the error of the call',
  run: runEndings,
};

const names = {
  exit: 'a killed process, seen by Node',
  crash: 'a plugin that was killed',
  cancel: 'a cancelled step that stops',
  early: 'the same in the first moment of the step',
  worst: 'a step that hears of nothing, and its process',
};
/** As in the probe. */
const GRACE_MS = 200;
const TERMINATE_MS = 2200;

async function runEndings({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const python = (await requirePython()).command;
  const candidate = (kind: keyof typeof names) => ({
    name: names[kind],
    probe: nodeProbe('ending.js', [kind, python]),
  });
  await using probes = new ProbeGroup();
  const [exit, ...short] = await startAll(probes, [
    candidate('exit'),
    candidate('crash'),
    candidate('cancel'),
    candidate('early'),
  ]);
  const [worst] = await startAll(probes, [candidate('worst')]);
  if (exit === undefined || worst === undefined) throw new RangeError('There is no probe.');
  say('crashes and cancels');
  // a floor of a millisecond or two moves much without meaning anything
  const quickly = await takeRounds(exit, short, { rounds: quick ? 5 : 21, warmUps: 2, allowedMove: 1 });
  say('the worst case, which takes more than two seconds each time');
  const slowly = await takeRounds(exit, [worst], { rounds: quick ? 1 : 3, warmUps: 0, allowedMove: 3 });

  const rows = [...rowsOf(quickly), ...rowsOf(slowly).slice(1)];
  const crash = medianOf(rows, names.crash);
  const longest = medianOf(rows, names.worst);
  return {
    id: endings.id,
    title: endings.title,
    unit: 'ms',
    rows,
    floor: quickly.floor.median,
    ratio: quotient(crash, quickly.floor.median),
    target: '≤ 20 ms for a crash, ≤ 10 ms for a cancel, ≤ 2.2 s over the grace in the worst case, nothing left alive',
    checks: [
      { name: names.crash, value: crash, limit: 20, unit: 'ms' },
      { name: names.cancel, value: medianOf(rows, names.cancel), limit: 10, unit: 'ms' },
      { name: names.early, value: medianOf(rows, names.early), limit: 10, unit: 'ms' },
      {
        name: `${names.worst} − its grace`,
        value: longest === null ? null : longest - GRACE_MS,
        limit: TERMINATE_MS,
        unit: 'ms',
      },
    ],
    rounds: countRounds([quickly, slowly]),
    notes: [`the step that hears of nothing has a grace of ${GRACE_MS} ms, and SIGTERM two seconds, before SIGKILL`],
  };
}
