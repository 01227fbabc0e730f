export { checkPlugin, type CheckPluginOptions } from './check-plugin.js';
export { PLUGIN_CLAUSES, type Clause } from './clauses.js';
export type { ClauseResult, ConformanceReport, ScenarioResult, ScenarioStatus } from './report/conformance-report.js';
export { formatReport } from './report/format-report.js';
export type { StepRoles } from './scenarios/bench.js';
export type { Violation } from './subject/clause-failure.js';
export { replayAsHost, type ReplayAsHostOptions } from './transcript/replay-as-host.js';
export { replayAsPlugin, type ReplayAsPluginOptions, type ReplayedPlugin } from './transcript/replay-as-plugin.js';
