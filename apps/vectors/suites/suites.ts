import { convertSuite } from './convert.js';
import { stepsSuite } from './steps.js';
import type { Suite } from './suite.js';
import { trainSuite } from './train.js';
import { uploadSuite } from './upload.js';

export const suites: readonly Suite[] = [stepsSuite, uploadSuite, trainSuite, convertSuite];
