import type { VectorsResult } from '../cases/run-vectors.js';
import type { DifferencesPage } from '../rules/differences-document.js';
import type { Rule } from '../rules/rule.js';

/** One kind of vectors: where they are, who interprets them, and by which rules ours may differ. */
export interface Suite {
  readonly name: 'steps' | 'upload' | 'train' | 'convert';
  /** The cases that come with this repository. */
  readonly folder: string;
  /** Records the built-in cases again, and compares: the script and its arguments. */
  readonly recorder: readonly string[];
  /** The versions of the SDK that the cases were recorded with. */
  readonly recordedWith: readonly string[];
  readonly rules: readonly Rule[];
  readonly page: DifferencesPage;
  /** @throws Error that names a file which is not of the suite's form */
  run(folder: string): Promise<VectorsResult>;
}
