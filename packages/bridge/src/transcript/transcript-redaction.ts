import { redactSecrets, type Redact } from '../session/redact-secrets.js';

/**
 * Hides the secrets of one process in what is recorded of it. They are learned from the `initialize` that hands them over,
 * so that nothing can be recorded before they are known.
 */
export class TranscriptRedaction {
  #redact: Redact = (text) => text;
  #redactBytes: Redact = (text) => text;
  #isNeeded = false;

  /** A message of the host, without its secrets. */
  ofHost(frame: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (frame['method'] !== 'initialize') return this.ofValue(frame) as Record<string, unknown>;
    const params = objectOf(frame['params']);
    const secrets = Object.entries(objectOf(params['secrets'])).map(([name, value]) => [name, String(value)] as const);
    if (secrets.length > 0) this.#learn(Object.fromEntries(secrets));
    const hidden = Object.fromEntries(secrets.map(([name]) => [name, `[secret ${name}]`])); // the short ones, too
    const shown = this.ofValue({ ...frame, params: { ...params, secrets: {} } }) as Record<string, unknown>;
    return 'secrets' in params ? { ...shown, params: { ...objectOf(shown['params']), secrets: hidden } } : shown;
  }

  /** Any JSON value, without secrets in its texts, its keys and its numbers. */
  ofValue(value: unknown): unknown {
    if (!this.#isNeeded) return value;
    if (typeof value === 'string') return this.#redact(value);
    if (typeof value === 'number') return this.#ofNumber(value);
    if (Array.isArray(value)) return value.map((item) => this.ofValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.#redact(key), this.ofValue(item)]));
  }

  ofText(text: string): string {
    return this.#redact(text);
  }

  /** Bytes that are no text. */
  ofBytes(bytes: Buffer): Buffer {
    return Buffer.from(this.#redactBytes(bytes.toString('latin1')), 'latin1');
  }

  #learn(secrets: Readonly<Record<string, string>>): void {
    this.#redact = redactSecrets(secrets);
    const bytes = Object.entries(secrets).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
    this.#redactBytes = redactSecrets(Object.fromEntries(bytes) as Record<string, string>);
    this.#isNeeded = true;
  }

  #ofNumber(value: number): unknown {
    const text = String(value);
    const shown = this.#redact(text);
    return shown === text ? value : shown;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
