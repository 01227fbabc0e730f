// P9: what a workflow of many short steps in Python costs over the work of its steps.
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from '../runner/benchmark.js';
import { countRounds, takePlacedRounds } from '../runner/placed-rounds.js';
import { nodeProbe } from '../runner/probe.js';

export const workflow: Benchmark = {
  id: 'P9',
  title: 'a workflow of 200 steps in Python that work for a millisecond each',
  run: runWorkflow,
};

const STEPS = 200;
const work = 'the work alone';
const ours = 'synapse-steps';

async function runWorkflow({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const python = (await requirePython()).command;
  const candidate = (name: string, kind: string, steps: number) => ({
    name,
    probe: nodeProbe('workflow.js', [kind, python]),
    request: { steps },
    startsAnew: kind === 'processes',
  });
  const others = [candidate(ours, 'run', STEPS), candidate('a process for each step (execa)', 'processes', 5)];
  const rounds = quick ? 3 : 7;
  const options = { rounds, atMost: rounds * 2, warmUps: 3, say };
  const placed = await takePlacedRounds(candidate(work, 'alone', STEPS), others, options);

  const rows = [...placed.results].flatMap(([placement, result]) => rowsOf(result, placement));
  const floor = medianOf(rows, `${work}, one core`);
  const ratio = quotient(medianOf(rows, `${ours}, one core`), floor);
  return {
    id: workflow.id,
    title: workflow.title,
    unit: 'ms a step',
    rows,
    floor,
    ratio,
    target: '≤ 1.2 × the work alone, on one core',
    checks: [{ name: 'one core: synapse-steps ÷ the work alone', value: ratio, limit: 1.2, unit: '' }],
    rounds: countRounds(placed.results.values()),
    notes: [...placed.notes, 'a process for each step: five of them are measured in a round'],
  };
}
