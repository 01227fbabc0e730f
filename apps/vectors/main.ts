// Holds ours to the behaviour recorded from the Python SDK: `npm run vectors -- steps|upload|train|convert [FOLDER] [--json]`.
import { summaryLine, type VectorsResult } from './cases/run-vectors.js';
import { parseVectorsArguments, usage, VectorsUsageError, type VectorsArguments } from './command/arguments.js';
import { checkRecorder } from './command/check-recorder.js';
import { writeDifferences } from './rules/differences-document.js';
import type { Rule } from './rules/rule.js';
import type { Suite } from './suites/suite.js';
import { suites } from './suites/suites.js';

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseVectorsArguments(process.argv.slice(2));
    if (options.help) {
      console.log(usage);
      return 0;
    }
    const suite = suites.find(({ name }) => name === options.suite);
    if (suite === undefined) throw new VectorsUsageError(`There are no vectors '${options.suite}'.`);
    if (options.checkRecorder) return await checkRecorder(suite);
    if (options.writeDocument) await writeDifferences(suite.page);
    return await judge(suite, options);
  } catch (error) {
    if (!(error instanceof VectorsUsageError)) throw error;
    console.error(`${error.message}\nUsage: ${usage}`);
    return 2;
  }
}

async function judge(suite: Suite, { folder, json }: VectorsArguments): Promise<number> {
  const { rules } = suite;
  const result = await suite.run(folder ?? suite.folder);
  // Only the built-in cases must need every rule; a folder of somebody else holds what it holds.
  const idle = folder === undefined ? rules.filter(({ id }) => result.byRule[id] === 0).map(({ id }) => id) : [];
  if (json) console.log(JSON.stringify({ ...result, idleRules: idle }));
  else show(result, rules, idle);
  return result.unlisted > 0 || idle.length > 0 ? 1 : 0;
}

function show(result: VectorsResult, rules: readonly Rule[], idle: readonly string[]): void {
  for (const one of result.cases) {
    if (one.verdict === 'unlisted') console.log(`${one.file} ${one.id} (${one.title})\n  ${one.difference}`);
  }
  for (const { id, ours } of rules) {
    const count = result.byRule[id] ?? 0;
    if (count > 0) console.log(`${String(count).padStart(4)}  ${id}: ours ${ours}`);
  }
  for (const id of idle) console.log(`The rule '${id}' changes no case. Remove it, or add a case that shows it.`);
  console.log(summaryLine(result));
}
