import { resolve } from 'node:path';
import type { JsonObject } from '@synapse-steps/bridge/protocol';
import { transcriptAt } from '@synapse-steps/bridge/transcript';
import { clauseResults } from './report/clause-results.js';
import { type ConformanceReport, isFailure, type ScenarioResult } from './report/conformance-report.js';
import { ALL_SCENARIOS } from './scenarios/all-scenarios.js';
import type { BenchOptions, StepRoles } from './scenarios/bench.js';
import type { Facts, Scenario } from './scenarios/scenario.js';
import { tryScenario, withoutHandshake, withoutRepeats } from './scenarios/try-scenario.js';
import { patienceOf } from './subject/patience.js';

/** How a plugin is tried. */
export interface CheckPluginOptions {
  /** Where it runs. By default the working directory. */
  readonly cwd?: string;
  /** Which of its steps do what scenarios need; see `StepRoles`. */
  readonly roles?: StepRoles;
  /** What its steps get. Empty by default. */
  readonly context?: JsonObject;
  readonly params?: JsonObject;
  readonly stepParams?: JsonObject;
  /** Multiplies every time limit, for machines that have a lot to do. */
  readonly patience?: number;
  /** Names of scenarios that are known to fail; one that passes all the same fails the check. */
  readonly expectFail?: readonly string[];
  /** A new file in which all that is said is recorded, each process of each scenario. */
  readonly record?: string | undefined;
  /** Hears of each scenario when it is over. */
  readonly onScenario?: (result: ScenarioResult) => void;
}

/**
 * Tries a plugin, clause by clause, as a host would use it. Its steps are really run, with whatever they do.
 *
 * @throws ProcessStartError when the command cannot be started.
 * @example
 * const report = await checkPlugin(['./my-plugin']);
 * for (const line of formatReport(report)) console.log(line);
 */
export async function checkPlugin(
  command: readonly string[],
  options: CheckPluginOptions = {},
): Promise<ConformanceReport> {
  return await tryScenarios(ALL_SCENARIOS, command, options);
}

/** Tries some scenarios only; the first one must be the handshake, which finds out what the plugin offers. */
export async function tryScenarios(
  chosen: readonly Scenario[],
  command: readonly string[],
  options: CheckPluginOptions,
): Promise<ConformanceReport> {
  const bench = benchOptions(command, options);
  const seen = new Set<string>();
  const scenarios: ScenarioResult[] = [];
  let facts: Facts | undefined;
  for (const scenario of chosen) {
    const isLost = scenarios.length > 0 && facts === undefined;
    const trial = isLost ? withoutHandshake(scenario) : await tryScenario(scenario, bench, facts);
    facts ??= trial.facts;
    for (const clause of trial.seen) seen.add(clause);
    const result = expected(trial.result, options.expectFail ?? []);
    scenarios.push(result);
    options.onScenario?.(result);
  }
  const passed = !scenarios.some(({ status }) => isFailure(status));
  const warnings = withoutRepeats(scenarios.flatMap((scenario) => scenario.warnings));
  return { protocolVersion: 1, command, passed, scenarios, warnings, clauses: clauseResults(scenarios, seen) };
}

function benchOptions(command: readonly string[], options: CheckPluginOptions): BenchOptions {
  const { cwd = '.', roles = {}, context = {}, params = {}, stepParams = {}, patience = 1, record } = options;
  return {
    command,
    cwd: resolve(cwd),
    roles,
    context,
    params,
    stepParams,
    patience: patienceOf(patience),
    record: record === undefined ? undefined : transcriptAt(record),
  };
}

function expected(result: ScenarioResult, expectFail: readonly string[]): ScenarioResult {
  if (!expectFail.includes(result.name)) return result;
  if (isFailure(result.status)) return { ...result, status: 'expected-failure' };
  return {
    ...result,
    status: 'unexpected-pass',
    reason: 'it was expected to fail, but did not; take the exception back',
  };
}
