import { fileURLToPath } from 'node:url';
import { checkPlugin, type CheckPluginOptions, type ConformanceReport } from '../src/index.js';

/** The folder of the one-purpose plugins. */
export const PLUGINS = fileURLToPath(new URL('../../../test-fixtures/plugins/', import.meta.url));

/** Checks a Node plugin of test-fixtures/plugins. */
export async function checkFixture(file: string, options: CheckPluginOptions = {}): Promise<ConformanceReport> {
  return await checkPlugin([process.execPath, `${PLUGINS}${file}`], options);
}

/** What a report holds against its plugin: the scenarios that failed, with the clauses that they found broken. */
export function failures({ scenarios }: ConformanceReport): Record<string, readonly string[]> {
  const bad = scenarios.filter(({ status }) => status !== 'passed' && status !== 'not-applicable');
  return Object.fromEntries(
    bad.map(({ name, problems, reason }) => [
      name,
      [...problems.map(({ clause, text }) => `${clause}: ${text}`), ...(reason === undefined ? [] : [reason])],
    ]),
  );
}

/** The clauses that a report says are broken. */
export function brokenClauses({ clauses }: ConformanceReport): string[] {
  return clauses.filter(({ status }) => status === 'broken').map(({ id }) => id);
}
