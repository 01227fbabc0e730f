import { ProcessStartError } from '@synapse-steps/bridge/process';
import { type ScenarioResult, WITHOUT_HANDSHAKE } from '../report/conformance-report.js';
import { CannotTestError, ClauseFailure, type Violation } from '../subject/clause-failure.js';
import { endLeftProcesses, OwnHoldings } from '../subject/left-behind.js';
import { Bench, type BenchOptions } from './bench.js';
import type { Facts, Scenario } from './scenario.js';

/** A scenario that was tried, or why it was not. */
export interface Trial {
  readonly result: ScenarioResult;
  readonly facts: Facts | undefined;
  readonly seen: ReadonlySet<string>;
}

/** Without a handshake nothing else can be tried, and waiting for it twenty times more would tell nothing. */
export function withoutHandshake({ name, title, clauses }: Scenario): Trial {
  const nothing = { problems: [], warnings: [] };
  return {
    result: { name, title, clauses, status: 'cannot-test', ...nothing, reason: WITHOUT_HANDSHAKE },
    facts: undefined,
    seen: new Set(),
  };
}

/** Tries one scenario with processes of its own, and looks what it leaves behind. */
export async function tryScenario(scenario: Scenario, options: BenchOptions, facts?: Facts): Promise<Trial> {
  const { name, title, clauses } = scenario;
  const about = { name, title, clauses };
  if (facts !== undefined && scenario.appliesTo?.(facts, options.roles) === false) {
    const nothing = { problems: [], warnings: [], reason: 'the plugin offers nothing of the kind' };
    return { result: { ...about, status: 'not-applicable', ...nothing }, facts, seen: new Set() };
  }
  const bench = new Bench(options, facts);
  const { problems, reason } = await runScenario(scenario, bench);
  const status = problems.length > 0 ? 'failed' : reason === undefined ? 'passed' : 'cannot-test';
  const warnings = withoutRepeats([...bench.warnings, ...bench.subjects.flatMap(({ bytes }) => bytes.warnings)]);
  const result = { ...about, status, problems, warnings, ...(reason !== undefined && { reason }) } as const;
  return { result, facts: factsOf(bench), seen: seenBy(bench, reason === undefined ? clauses : []) };
}

interface Findings {
  readonly problems: readonly Violation[];
  readonly reason: string | undefined;
}

async function runScenario(scenario: Scenario, bench: Bench): Promise<Findings> {
  const holdings = new OwnHoldings();
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
  problems.push(...bench.subjects.flatMap(({ judge }) => judge.violations), ...(await leftBehind(bench)));
  reason ??= await holdings.surplus(bench.patience.leaveMs);
  return { problems: withoutRepeats(problems), reason };
}

/** Processes in other groups than that of their plugin, where the end of the plugin does not reach them. */
async function leftBehind({ sessions, patience }: Bench): Promise<Violation[]> {
  const left = await endLeftProcesses(sessions, patience.leaveMs);
  return left.map(({ command }) => ({ clause: 'SH-5', text: `it left a process behind, which runs on: ${command}` }));
}

function seenBy({ subjects }: Bench, tried: readonly string[]): Set<string> {
  const judged = subjects.flatMap(({ judge, bytes }) => [...judge.seen, ...bytes.seen]);
  return new Set([...judged, ...tried, ...(process.platform === 'linux' ? ['SH-5'] : [])]);
}

/** A plugin that says the same wrong thing a thousand times is told so once. */
export function withoutRepeats(problems: readonly Violation[]): Violation[] {
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
