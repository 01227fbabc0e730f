import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';
import { SDK, OLDER_SDK } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import { runVectors } from '../cases/run-vectors.js';
import { judgeTrain } from '../train/cases/judge-train.js';
import { readTrainVectors } from '../train/cases/train-vector.js';
import { trainRules } from '../train/rules/train-rules.js';
import type { Suite } from './suite.js';

const conformance = join(root, 'test-fixtures', 'conformance');
const folder = join(conformance, 'train');

const head = `# What differs from the Python SDK

<!-- Written by \`npm run vectors -- train --write-document\` from apps/vectors/train/rules. Change it there. -->

The train action behaves as in \`synapse-sdk\` 2026.2.17, except in the points below. Each is a rule that recorded cases are
held to: what the SDK did is known from running it against a backend that fails as it is told, and ours is run against the same
backend by \`npm run vectors -- train\`. What differs in data sets as such is told in \`@synapse-steps/datasets\`, what in steps
and runs in \`@synapse-steps/core\`. TA- and W-numbers name defects of the SDK that the rule mends.

`;

export const trainSuite: Suite = {
  name: 'train',
  folder,
  recorder: [join(conformance, 'record-actions', 'record.py'), '--check', '--dir', folder],
  recordedWith: [SDK, OLDER_SDK],
  rules: trainRules,
  page: { path: join(root, 'packages', 'train', 'docs', 'differences-from-python-sdk.md'), head, rules: trainRules },
  run: (cases) => runVectors(readTrainVectors(cases), judgeTrain, trainRules),
};
