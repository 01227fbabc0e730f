import type { Json, Release } from '../cases/vector-file.js';
import type { RuleId } from '../rules/rules.js';
import { PythonError } from './python-error.js';

export interface StepName {
  readonly name: string;
  readonly order: number | null;
}

/** What one case of the model does and says, and which rules are in force. */
export class World {
  seconds = 1000;
  readonly calls: string[] = [];
  readonly seen: [string, string | null, number | null, string | null][] = [];
  readonly rollbacks: Record<string, unknown>[] = [];
  readonly progress: [number, number][] = [];
  readonly entries: Record<string, unknown>[] = [];
  readonly warnings: [string, string][] = [];
  readonly state: Record<string, Json> = {};
  readonly release: Release;
  readonly #rules: ReadonlySet<RuleId>;

  constructor(rules: ReadonlySet<RuleId>, release: Release) {
    this.#rules = rules;
    this.release = release;
  }

  /** Whether ours differs from the SDK in this point: the rule that says so is in force. */
  differs(rule: RuleId): boolean {
    return this.#rules.has(rule);
  }

  /** A refusal that both make, each in its own words. */
  refusal(type: string, words: { readonly sdk: string; readonly ours: string }): PythonError {
    return new PythonError(type, this.differs('our-words') ? words.ours : words.sdk);
  }
}
