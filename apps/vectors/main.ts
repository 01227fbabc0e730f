// Holds core to the behaviour recorded from the Python SDK: `npm run vectors -- steps [FOLDER] [--json]`.
import { readVectors } from './cases/vector-file.js';
import { runVectors, summaryLine, type VectorsResult } from './cases/run-vectors.js';
import { parseVectorsArguments, usage, VectorsUsageError, type VectorsArguments } from './command/arguments.js';
import { builtInFolder } from './command/built-in-folder.js';
import { checkRecorder } from './command/check-recorder.js';
import { writeDifferences } from './rules/differences-document.js';
import { rules } from './rules/rules.js';

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseVectorsArguments(process.argv.slice(2));
    if (options.help) {
      console.log(usage);
      return 0;
    }
    if (options.checkRecorder) return await checkRecorder();
    if (options.writeDocument) await writeDifferences();
    return await judge(options);
  } catch (error) {
    if (!(error instanceof VectorsUsageError)) throw error;
    console.error(`${error.message}\nUsage: ${usage}`);
    return 2;
  }
}

async function judge({ folder, json }: VectorsArguments): Promise<number> {
  const result = await runVectors(readVectors(folder ?? builtInFolder));
  // Only the built-in cases must need every rule; a folder of somebody else holds what it holds.
  const idle = folder === undefined ? rules.filter(({ id }) => result.byRule[id] === 0).map(({ id }) => id) : [];
  if (json) console.log(JSON.stringify({ ...result, idleRules: idle }));
  else show(result, idle);
  return result.unlisted > 0 || idle.length > 0 ? 1 : 0;
}

function show(result: VectorsResult, idle: readonly string[]): void {
  for (const one of result.cases) {
    if (one.verdict === 'unlisted') console.log(`${one.file} ${one.id} (${one.title})\n  ${one.difference}`);
  }
  for (const { id, ours } of rules) {
    const count = result.byRule[id];
    if (count > 0) console.log(`${String(count).padStart(4)}  ${id}: ours ${ours}`);
  }
  for (const id of idle) console.log(`The rule '${id}' changes no case. Remove it, or add a case that shows it.`);
  console.log(summaryLine(result));
}
