import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';
import { SDK } from '../../../scripts/bootstrap/synapse-sdk.mjs';
import { runVectors } from '../cases/run-vectors.js';
import { judgeUpload } from '../upload/cases/judge-upload.js';
import { readUploadVectors } from '../upload/cases/upload-vector.js';
import { uploadRules } from '../upload/rules/upload-rules.js';
import type { Suite } from './suite.js';

const conformance = join(root, 'test-fixtures', 'conformance');
const folder = join(conformance, 'upload');

const head = `# What differs from the Python SDK

<!-- Written by \`npm run vectors -- upload --write-document\` from apps/vectors/upload/rules. Change it there. -->

The upload action behaves as in \`synapse-sdk\` 2026.2.17, except in the points below. Each is a rule that recorded cases are
held to: what the SDK did is known from running it against a backend that fails as it is told, and ours is run against the same
backend by \`npm run vectors -- upload\`. What differs in steps and runs as such is told in \`@synapse-steps/core\`.
UA- and W-numbers name defects of the SDK that the rule mends.

`;

export const uploadSuite: Suite = {
  name: 'upload',
  folder,
  recorder: [join(conformance, 'record-actions', 'record.py'), '--check', '--dir', folder],
  recordedWith: [SDK],
  rules: uploadRules,
  page: {
    path: join(root, 'packages', 'upload', 'docs', 'differences-from-python-sdk.md'),
    head,
    rules: uploadRules,
  },
  run: (cases) => runVectors(readUploadVectors(cases), (vector) => judgeUpload(vector), uploadRules),
};
