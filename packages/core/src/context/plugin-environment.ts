import { StepUsageError } from '../step/step-error.js';

/** Which names an environment takes over. Neither: all. */
export interface EnvironmentSelection {
  /** Only names that begin so; the prefix is cut off. */
  readonly prefix?: string;
  /** Only names that begin with one of these; they are kept whole. Wins over `prefix`. */
  readonly prefixes?: readonly string[];
}

/** Named settings with typed getters. An unset name gives the default, or `undefined`. */
export class PluginEnvironment {
  readonly #values: Readonly<Record<string, string>>;

  constructor(values: Readonly<Record<string, string>> = {}) {
    this.#values = { ...values };
  }

  /** Takes over a part of an environment such as `process.env`. */
  static from(
    environment: Readonly<Record<string, string | undefined>>,
    { prefix = '', prefixes }: EnvironmentSelection = {},
  ): PluginEnvironment {
    const begins = prefixes ?? [prefix];
    const cut = prefixes === undefined ? prefix.length : 0;
    const entries = Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && begins.some((begin) => name.startsWith(begin)) ? [[name.slice(cut), value] as const] : [],
    );
    return new PluginEnvironment(Object.fromEntries(entries));
  }

  getText(name: string): string | undefined;
  getText(name: string, otherwise: string): string;
  getText(name: string, otherwise?: string): string | undefined {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : otherwise;
  }

  /** @throws StepUsageError when the value is no number. */
  getNumber(name: string): number | undefined;
  getNumber(name: string, otherwise: number): number;
  getNumber(name: string, otherwise?: number): number | undefined {
    const text = this.getText(name);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value)) throw notA('number', name, text);
    return value;
  }

  /** @throws StepUsageError when the value is no whole number. */
  getInteger(name: string): number | undefined;
  getInteger(name: string, otherwise: number): number;
  getInteger(name: string, otherwise?: number): number | undefined {
    const value = this.getNumber(name);
    if (value === undefined) return otherwise;
    if (!Number.isSafeInteger(value)) throw notA('whole number', name, String(value));
    return value;
  }

  /** `true`, `1` and `yes`, in any case, are true; everything else is false. */
  getBoolean(name: string): boolean | undefined;
  getBoolean(name: string, otherwise: boolean): boolean;
  getBoolean(name: string, otherwise?: boolean): boolean | undefined {
    const text = this.getText(name);
    return text === undefined ? otherwise : ['true', '1', 'yes'].includes(text.trim().toLowerCase());
  }

  /** The parts between commas, trimmed; an empty text is an empty list. */
  getList(name: string): readonly string[] | undefined;
  getList(name: string, otherwise: readonly string[]): readonly string[];
  getList(name: string, otherwise?: readonly string[]): readonly string[] | undefined {
    const text = this.getText(name);
    if (text === undefined) return otherwise;
    return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
  }

  toObject(): Record<string, string> {
    return { ...this.#values };
  }
}

function notA(kind: string, name: string, found: string): StepUsageError {
  return new StepUsageError('invalid_setting', `The setting ${name} must be a ${kind}, got '${found}'. Correct it.`);
}
