import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';
import { SDK, OLDER_SDK } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import { runVectors } from '../cases/run-vectors.js';
import { judgeConvert } from '../convert/cases/judge-convert.js';
import { readConvertVectors } from '../convert/cases/convert-vector.js';
import { convertRules } from '../convert/rules/convert-rules.js';
import type { Suite } from './suite.js';

const conformance = join(root, 'test-fixtures', 'conformance');
const folder = join(conformance, 'convert');

const head = `# What differs from the Python SDK

<!-- Written by \`npm run vectors -- convert --write-document\` from apps/vectors/convert/rules. Change it there. -->

The dataset action and the converters behave as in \`synapse-sdk\` 2026.2.17, and the layouts for training as in 2026.1.50,
except in the points below. Each is a rule that recorded cases are held to: what the SDK did is known from running it, and ours
is run on the same files and against the same backend by \`npm run vectors -- convert\`. TA- and W-numbers name defects of the
SDK that the rule mends.

`;

export const convertSuite: Suite = {
  name: 'convert',
  folder,
  recorder: [join(conformance, 'record-actions', 'record.py'), '--check', '--dir', folder],
  recordedWith: [SDK, OLDER_SDK],
  rules: convertRules,
  page: {
    path: join(root, 'packages', 'datasets', 'docs', 'differences-from-python-sdk.md'),
    head,
    rules: convertRules,
  },
  run: (cases) => runVectors(readConvertVectors(cases), judgeConvert, convertRules),
};
