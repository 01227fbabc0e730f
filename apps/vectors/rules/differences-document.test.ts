import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentPath, renderDifferences } from './differences-document.js';
import { rules } from './rules.js';

it('is current in the documentation of core', () => {
  // When this fails: npm run vectors -- steps --write-document
  expect(readFileSync(documentPath, 'utf8')).toBe(renderDifferences());
});

it('has each rule once', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(renderDifferences()).toContain(`\n## ${id}`);
});
