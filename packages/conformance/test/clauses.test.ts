import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PLUGIN_CLAUSES } from '../src/index.js';
import { ALL_SCENARIOS } from '../src/scenarios/all-scenarios.js';

const specification = readFileSync(new URL('../../bridge/PROTOCOL.md', import.meta.url), 'utf8');

it('knows every clause that binds plugins, in the order of the specification', () => {
  const binding = [...specification.matchAll(/^- \*\*([A-Z]{2}-\d+)\*\* · (?:plugin|both) · /gm)].map(([, id]) => id);
  expect(PLUGIN_CLAUSES.map(({ id }) => id)).toEqual(binding);
});

it('tries only clauses that can be tried, under names that differ', () => {
  const known = new Set(PLUGIN_CLAUSES.filter(({ untried }) => untried === undefined).map(({ id }) => id));
  expect(ALL_SCENARIOS.flatMap(({ clauses }) => clauses).filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(ALL_SCENARIOS.map(({ name }) => name)).size).toBe(ALL_SCENARIOS.length);
});
