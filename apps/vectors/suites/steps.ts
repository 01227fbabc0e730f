import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';
import { SDK } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import { judgeCase } from '../cases/judge-case.js';
import { runVectors } from '../cases/run-vectors.js';
import { readVectors } from '../cases/vector-file.js';
import { rules } from '../rules/rules.js';
import type { Suite } from './suite.js';

const folder = join(root, 'test-fixtures', 'conformance', 'steps');

const head = `# What differs from the Python SDK

<!-- Written by \`npm run vectors -- steps --write-document\` from apps/vectors/rules/rules.ts. Change it there. -->

Steps behave as in \`synapse-sdk\` 2026.2.17, except in the points below. Each is a rule that a recorded case is held to: what
the SDK did is known from running it, and what happens here instead is compared in full by \`npm run vectors -- steps\`.
W-numbers name weaknesses of the SDK that the rule mends, P-numbers peculiarities of Python.

`;

export const stepsSuite: Suite = {
  name: 'steps',
  folder,
  recorder: [join(folder, 'record.py'), '--check'],
  recordedWith: [SDK],
  rules,
  page: { path: join(root, 'packages', 'core', 'docs', 'differences-from-python-sdk.md'), head, rules },
  run: (cases) => runVectors(readVectors(cases), judgeCase, rules),
};
