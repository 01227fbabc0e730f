import {
  type ConformanceReport,
  isFailure,
  type ScenarioResult,
  type ScenarioStatus,
  WITHOUT_HANDSHAKE,
} from './conformance-report.js';

/** A report as lines of text, what is wrong with its reasons. */
export function formatReport(report: ConformanceReport): string[] {
  const width = Math.max(...report.scenarios.map(({ name }) => name.length));
  const others = report.scenarios.filter(({ status }) => status === 'not-applicable').map(({ name }) => name);
  const isLost = ({ reason }: ScenarioResult): boolean => reason === WITHOUT_HANDSHAKE;
  const lost = report.scenarios.filter(isLost).map(({ name }) => name);
  const tried = report.scenarios.filter((one) => one.status !== 'not-applicable' && !isLost(one));
  return [
    ...tried.flatMap((scenario) => scenarioLines(scenario, width)),
    ...(lost.length > 0 ? [`? not tried, which counts as a failure, as the handshake failed: ${lost.join(', ')}`] : []),
    ...(others.length > 0 ? [`- not offered by this plugin: ${others.join(', ')}`] : []),
    ...warningLines(report),
    '',
    ...coverageLines(report),
    summary(report),
  ];
}

function scenarioLines(scenario: ScenarioResult, width: number): string[] {
  const { name, title, status, problems, reason } = scenario;
  const lines = [`${MARKS[status]} ${name.padEnd(width)}  ${title}`];
  if (reason !== undefined) lines.push(`    ${STATUS_TEXT[status]}${reason}`);
  for (const { clause, text } of problems) lines.push(`    ${clause}: ${text.replaceAll('\n', '\n    ')}`);
  return lines;
}

const MARKS: Readonly<Record<ScenarioStatus, string>> = {
  passed: '✓',
  failed: '✗',
  'cannot-test': '?',
  'not-applicable': '-',
  'expected-failure': '~',
  'unexpected-pass': '!',
};

const STATUS_TEXT: Readonly<Record<ScenarioStatus, string>> = {
  passed: '',
  failed: '',
  'cannot-test': 'cannot be tried, which counts as a failure: ',
  'not-applicable': '',
  'expected-failure': '',
  'unexpected-pass': '',
};

function warningLines({ warnings }: ConformanceReport): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(({ clause, text }) => `    ${clause}: ${text.replaceAll('\n', '\n    ')}`);
  return ['', 'Advice that it does not follow, which is no failure:', ...lines];
}

function coverageLines({ clauses }: ConformanceReport): string[] {
  const of = (status: string): string[] => clauses.filter((clause) => clause.status === status).map(({ id }) => id);
  const broken = clauses.filter(({ status }) => status === 'broken').map(({ id, rule }) => `${id} (${rule})`);
  return [
    `clauses of version 1 that bind plugins: ${clauses.length}`,
    `  kept       ${of('kept').length}  ${of('kept').join(' ')}`,
    ...(broken.length > 0 ? [`  broken     ${broken.length}  ${broken.join(', ')}`] : []),
    ...(of('not-followed').length > 0
      ? [`  warned of  ${of('not-followed').length}  ${of('not-followed').join(' ')}`]
      : []),
    `  not seen   ${of('not-seen').length}  ${of('not-seen').join(' ')}`,
    `  untried    ${of('untried').length}  ${of('untried').join(' ')}`,
    ...reasonLines(clauses),
  ].map((line) => line.trimEnd());
}

/** Each reason once, with the clauses that cannot be tried because of it. */
function reasonLines(clauses: ConformanceReport['clauses']): string[] {
  const reasons = new Map<string, string[]>();
  for (const { id, reason } of clauses)
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  return [...reasons].map(([reason, ids]) => `             ${reason}: ${ids.join(' ')}`);
}

function summary({ scenarios, passed, command }: ConformanceReport): string {
  const tried = scenarios.filter(({ status }) => status !== 'not-applicable');
  const failed = tried.filter(({ status }) => isFailure(status)).length;
  const name = command.join(' ');
  return passed
    ? `${name} keeps the step protocol: ${tried.length} scenarios passed.`
    : `${name} breaks the step protocol, or could not be tried: ${failed} of ${tried.length} scenarios failed.`;
}
