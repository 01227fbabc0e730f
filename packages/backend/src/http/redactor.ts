const STARS = '***';

/** Takes secrets out of what people will read. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** @param secrets texts of less than four characters are left alone: they are in every word */
  constructor(secrets: readonly (string | undefined)[]) {
    const known = secrets.filter((secret) => secret !== undefined && secret.length >= 4) as string[];
    const spellings = known.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]);
    this.#secrets = [...new Set(spellings)].toSorted((a, b) => b.length - a.length);
  }

  text(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, STARS), text);
  }

  /** The same for all texts in a JSON value. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.value(item)]));
  }

  /** An error that may be shown: itself, or if it says a secret, one that says the rest. */
  error(error: unknown): unknown {
    if (!(error instanceof Error)) return this.value(error);
    const all = `${error.message}\n${error.stack ?? ''}\n${error.cause instanceof Error ? error.cause.message : ''}`;
    return this.text(all) === all ? error : new Error(this.text(error.message));
  }
}
