import { stepsSuite } from './steps.js';
import type { Suite } from './suite.js';
import { uploadSuite } from './upload.js';

export const suites: readonly Suite[] = [stepsSuite, uploadSuite];
