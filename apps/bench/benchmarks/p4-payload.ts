// P4: how the time of a call grows with what it carries.
import { allCalled, called } from '../peers/called.js';
import { bareLines, bridgeCall, jsonRpc, mcpClient, pythonShell, type Caller } from '../peers/python-callers.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
  type Row,
} from '../runner/benchmark.js';
import { countRounds, takePlacedRounds } from '../runner/placed-rounds.js';
import type { RoundsResult } from '../runner/rounds.js';

export const payload: Benchmark = {
  id: 'P4',
  title: 'a call that carries much, both ways',
  run: runPayload,
};

interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly peers: readonly Caller[];
}

const peers = [pythonShell, mcpClient, jsonRpc];
const sizes: readonly Size[] = [
  { name: '1 KB', bytes: 1000, peers },
  { name: '64 KB', bytes: 64_000, peers },
  { name: '1 MB', bytes: 1_000_000, peers },
  { name: '8 MiB − 1', bytes: 8 * 2 ** 20 - 1, peers: [jsonRpc] },
  { name: '32 MB', bytes: 32_000_000, peers: [] }, // python-shell and MCP are quadratic: seconds, and many of them
];

async function runPayload(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const rows: Row[] = [];
  const results: RoundsResult[] = [];
  const notes: string[] = [];
  for (const size of sizes) {
    const placed = await measureSize(size, options);
    for (const [placement, result] of placed.results) {
      rows.push(...rowsOf(result, `${size.name}, ${placement}`));
      results.push(result);
    }
    notes.push(...placed.notes.map((note) => `${size.name}: ${note}`));
  }
  const ratioAt = ({ name }: Size): number | null =>
    quotient(
      medianOf(rows, `${bridgeCall.name}, ${name}, one core`),
      medianOf(rows, `${bareLines.name}, ${name}, one core`),
    );
  return {
    id: payload.id,
    title: payload.title,
    unit: 'µs a call',
    rows,
    floor: medianOf(rows, `${bareLines.name}, 1 MB, one core`),
    ratio: ratioAt({ name: '1 MB', bytes: 0, peers: [] }),
    target: '≤ 1.15 × bare JSON lines at every size, on one core',
    checks: sizes.map((size) => ({
      name: `${size.name}: one call ÷ bare JSON lines`,
      value: ratioAt(size),
      limit: 1.15,
      unit: '',
    })),
    rounds: countRounds(results),
    notes: [...notes, 'what is larger than 256 KiB travels by file: values of that size are not in the frame'],
  };
}

async function measureSize({ name, bytes, peers: measured }: Size, { quick, say }: BenchmarkOptions) {
  const milliseconds = quick ? 30 : 60;
  const options = { program: 'round-trip.js', request: { milliseconds }, args: [String(bytes)], say } as const;
  const floor = await called(bareLines, options);
  const { found, notes } = await allCalled({ own: [bridgeCall], peers: measured }, options);
  const rounds = quick ? 3 : 5;
  const warmUps = bytes > 1_000_000 ? 1 : 4;
  const placed = await takePlacedRounds(floor, found, {
    rounds,
    atMost: rounds * 2,
    warmUps,
    say: (what) => say(`${name}, ${what}`),
  });
  return { results: placed.results, notes: [...notes, ...placed.notes] };
}
