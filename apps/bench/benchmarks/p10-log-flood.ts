// P10: what a flood of log lines does to the answer of its step, and to the memory of the host.
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from '../runner/benchmark.js';
import { countRounds } from '../runner/placed-rounds.js';
import { ProbeGroup } from '../runner/probe-group.js';
import { nodeProbe } from '../runner/probe.js';
import { takeRounds, type Candidate } from '../runner/rounds.js';

export const logFlood: Benchmark = {
  id: 'P10',
  title: 'a step in Python that writes 100,000 log lines as fast as it can',
  run: runLogFlood,
};

const LINES = 100_000;
const one = 'one line, logged';

const wanted = [
  { way: 'log', what: 'delay', unit: 'ms', name: 'logged: the answer is late by' },
  { way: 'print', what: 'delay', unit: 'ms', name: 'printed: the answer is late by' },
  { way: 'log', what: 'memory', unit: 'MB', name: 'logged: the host grows by' },
  { way: 'print', what: 'memory', unit: 'MB', name: 'printed: the host grows by' },
  { way: 'log', what: 'rate', unit: 'lines/s', name: 'logged: lines a second' },
] as const;

async function runLogFlood({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const python = (await requirePython()).command;
  const candidate = async (name: string, way: string, lines: number) => {
    const running = await probes.start(nodeProbe('flood.js', [way, String(lines), python]));
    return (what: string, title = name): Candidate => ({
      name: title,
      version: running.version,
      measure: async () => (await running.measure({ wanted: what })).value,
    });
  };
  await using probes = new ProbeGroup();
  const floor = (await candidate(one, 'log', 1))('delay');
  const ways = { log: await candidate('logged', 'log', LINES), print: await candidate('printed', 'print', LINES) };
  const candidates = wanted.map(({ name, way, what }) => ways[way](what, name));
  say('flooding');
  // the floor is less than a millisecond: how much it moves says nothing
  const rounds = quick ? 2 : 5;
  const result = await takeRounds(floor, candidates, { rounds, warmUps: 1, allowedMove: 10 });
  const units = new Map<string, string>(wanted.map(({ name, unit }) => [name, unit]));
  const rows = rowsOf(result).map((row) => ({ ...row, unit: units.get(row.name) ?? 'ms' }));
  const delay = medianOf(rows, wanted[0].name);
  const limits = { ms: 100, MB: 32 };
  return {
    id: logFlood.id,
    title: logFlood.title,
    unit: 'ms',
    rows,
    floor: result.floor.median,
    ratio: quotient(delay, result.floor.median),
    target: 'the answer is late by ≤ 100 ms, and the host grows by ≤ 32 MB',
    checks: wanted.flatMap(({ name, unit }) =>
      unit === 'lines/s' ? [] : [{ name, value: medianOf(rows, name), limit: limits[unit], unit }],
    ),
    rounds: countRounds([result]),
    notes: [
      'of the lines that are logged the host shows as many as its limit lets through, and says how many are missing',
    ],
  };
}
