// The benchmarks: measures what was asked for and prints a table, or a JSON line, for each.
import { stepOverhead } from './benchmarks/p1-step-overhead.js';
import { roundTrip } from './benchmarks/p2-round-trip.js';
import { contextSync } from './benchmarks/p3-context.js';
import { payload } from './benchmarks/p4-payload.js';
import { table } from './benchmarks/p5-table.js';
import { coldStart } from './benchmarks/p6-cold-start.js';
import { endings } from './benchmarks/p8-endings.js';
import { workflow } from './benchmarks/p9-workflow.js';
import { logFlood } from './benchmarks/p10-log-flood.js';
import { upload } from './benchmarks/p11-upload.js';
import { installAndImport } from './benchmarks/p12-install-and-import.js';
import { conversion } from './benchmarks/p13-conversion.js';
import { datasetDownload } from './benchmarks/p14-dataset-download.js';
import { BenchUsageError, parseArguments, type BenchArguments } from './runner/arguments.js';
import type { Benchmark } from './runner/benchmark.js';
import { describeMachine } from './runner/machine.js';
import { toJsonLine } from './runner/result-record.js';
import { formatTable } from './runner/table.js';

const benchmarks: readonly Benchmark[] = [
  stepOverhead,
  roundTrip,
  contextSync,
  payload,
  table,
  coldStart,
  endings,
  workflow,
  logFlood,
  upload,
  installAndImport,
  conversion,
  datasetDownload,
];

const usage = `npm run bench -- [${benchmarks.map(({ id }) => id).join('] [')}] [--json] [--quick]`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseArguments(
      process.argv.slice(2),
      benchmarks.map(({ id }) => id),
    );
    if (options.help) console.log(usage);
    return options.help ? 0 : await runBenchmarks(options);
  } catch (error) {
    if (!(error instanceof BenchUsageError)) throw error;
    console.error(`${error.message}\nUsage: ${usage}`);
    return 2;
  }
}

/** One that cannot be measured does not keep the others from it; a missed target is a result, not a failure. */
async function runBenchmarks({ ids, json, quick }: BenchArguments): Promise<number> {
  let exitCode = 0;
  if (!json) console.log(await describeMachine());
  for (const { id, title, run } of benchmarks.filter((benchmark) => ids.includes(benchmark.id))) {
    const say = (what: string): void => console.error(`${id}: ${what} …`);
    say(title);
    try {
      const result = await run({ quick, say });
      console.log(json ? toJsonLine(result) : `\n${formatTable(result)}`);
    } catch (error) {
      console.error(`${id}: could not be measured. ${error instanceof Error ? error.message : String(error)}`);
      exitCode = 1;
    }
  }
  return exitCode;
}
