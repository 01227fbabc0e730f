import { resolve } from 'node:path';
import { ProcessStartError } from '@synapse-steps/bridge/process';
import type { JsonObject } from '@synapse-steps/bridge/protocol';
import { transcriptAt } from '@synapse-steps/bridge/transcript';
import { PLUGIN_CLAUSES } from './clauses.js';
import type { ClauseResult, ConformanceReport, ScenarioResult } from './report/conformance-report.js';
import { isFailure, WITHOUT_HANDSHAKE } from './report/conformance-report.js';
import { ALL_SCENARIOS } from './scenarios/all-scenarios.js';
import { Bench, type BenchOptions, type StepRoles } from './scenarios/bench.js';
import type { Facts, Scenario } from './scenarios/scenario.js';
import { CannotTestError, ClauseFailure, type Violation } from './subject/clause-failure.js';
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
  return { protocolVersion: 1, command, passed, scenarios, clauses: clauseResults(scenarios, seen) };
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

interface Trial {
  readonly result: ScenarioResult;
  readonly facts: Facts | undefined;
  readonly seen: ReadonlySet<string>;
}

/** Without a handshake nothing else can be tried, and waiting for it twenty times more would tell nothing. */
function withoutHandshake({ name, title, clauses }: Scenario): Trial {
  const reason = WITHOUT_HANDSHAKE;
  return {
    result: { name, title, clauses, status: 'cannot-test', problems: [], reason },
    facts: undefined,
    seen: new Set(),
  };
}

async function tryScenario(scenario: Scenario, options: BenchOptions, facts: Facts | undefined): Promise<Trial> {
  const { name, title, clauses } = scenario;
  const about = { name, title, clauses };
  if (facts !== undefined && scenario.appliesTo?.(facts, options.roles) === false) {
    const reason = 'the plugin offers nothing of the kind';
    return { result: { ...about, status: 'not-applicable', problems: [], reason }, facts, seen: new Set() };
  }
  const bench = new Bench(options, facts);
  const { problems, reason } = await runScenario(scenario, bench);
  const seen = new Set(bench.subjects.flatMap(({ judge }) => [...judge.seen]));
  if (reason === undefined) for (const clause of clauses) seen.add(clause);
  const status = problems.length > 0 ? 'failed' : reason === undefined ? 'passed' : 'cannot-test';
  const result = { ...about, status, problems, ...(reason !== undefined && { reason }) } as const;
  return { result, facts: factsOf(bench), seen };
}

async function runScenario(
  scenario: Scenario,
  bench: Bench,
): Promise<{ readonly problems: Violation[]; readonly reason: string | undefined }> {
  const problems: Violation[] = [];
  let reason: string | undefined;
  try {
    await scenario.run(bench);
  } catch (error) {
    if (error instanceof ClauseFailure) problems.push({ clause: error.clause, text: error.message });
    else if (error instanceof CannotTestError) reason = error.message;
    else throw error instanceof ProcessStartError ? error : new Error(`scenario ${scenario.name}`, { cause: error });
  } finally {
    await Promise.all(bench.subjects.map((subject) => subject.close()));
  }
  problems.push(...bench.subjects.flatMap(({ judge }) => judge.violations));
  return { problems: withoutRepeats(problems), reason };
}

/** A plugin that says the same wrong thing a thousand times is told so once. */
function withoutRepeats(problems: readonly Violation[]): Violation[] {
  const first = problems.filter(
    (problem, index) =>
      problems.findIndex((other) => other.clause === problem.clause && other.text === problem.text) === index,
  );
  return first.slice(0, MOST_PROBLEMS);
}

const MOST_PROBLEMS = 20;

function factsOf(bench: Bench): Facts | undefined {
  try {
    return bench.facts;
  } catch (error) {
    if (error instanceof CannotTestError) return undefined;
    throw error;
  }
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

function clauseResults(scenarios: readonly ScenarioResult[], seen: ReadonlySet<string>): ClauseResult[] {
  const broken = new Set(scenarios.flatMap(({ problems }) => problems.map(({ clause }) => clause)));
  return PLUGIN_CLAUSES.map(({ id, rule, untried }) => {
    if (broken.has(id)) return { id, rule, status: 'broken' };
    if (seen.has(id)) return { id, rule, status: 'kept' };
    return { id, rule, status: untried === undefined ? 'not-seen' : 'untried' };
  });
}
