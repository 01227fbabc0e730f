/** Replaces the values of secrets in a text. */
export type Redact = (text: string) => string;

/** A function that hides the given values wherever they turn up. Very short values would hide ordinary text and stay. */
export function redactSecrets(secrets: Readonly<Record<string, string>>): Redact {
  const entries = Object.entries(secrets).filter(([, value]) => value.length >= SHORTEST);
  if (entries.length === 0) return (text) => text;
  return (text) => entries.reduce((shown, [name, value]) => shown.replaceAll(value, `[secret ${name}]`), text);
}

const SHORTEST = 4;
