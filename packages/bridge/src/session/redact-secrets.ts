/** Replaces the values of secrets in a text. */
export type Redact = (text: string) => string;

/**
 * A function that hides the given values wherever they turn up, and each line of a value of several lines, as output comes
 * line by line. Very short values would hide ordinary text and stay.
 */
export function redactSecrets(secrets: Readonly<Record<string, string>>): Redact {
  const hidden = Object.entries(secrets)
    .flatMap(([name, value]) => [value, ...value.split(/\r?\n/)].map((part) => ({ part, name })))
    .filter(({ part }) => part.length >= SHORTEST_SECRET)
    .toSorted((one, other) => other.part.length - one.part.length); // a value may be part of another one
  if (hidden.length === 0) return hideNothing;
  return (text) => hidden.reduce((shown, { part, name }) => shown.replaceAll(part, () => `[secret ${name}]`), text);
}

/** A shorter one stays. */
export const SHORTEST_SECRET = 4;

/** Whether there is nothing to hide, as for most plugins; asked for each answer. */
export function hidesNothing(redact: Redact): boolean {
  return redact === hideNothing;
}

/** The same for every text inside of a JSON value. */
export function redactTexts<T>(value: T, redact: Redact): T {
  return hidesNothing(redact) ? value : (redactWithin(value, redact) as T);
}

function hideNothing(text: string): string {
  return text;
}

function redactWithin(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactWithin(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactWithin(item, redact)]));
}
