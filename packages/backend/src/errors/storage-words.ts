/** What an object store said. Nothing else of its answer may be kept: it repeats what was signed, and with which key. */
export interface StorageWords {
  readonly code?: string;
  readonly message?: string;
}

/** `<Error><Code>…</Code><Message>…</Message>…</Error>`; empty when the answer does not come from an object store. */
export function storageWords(body: string): StorageWords {
  const code = elementOf(body, 'Code');
  const message = elementOf(body, 'Message');
  return { ...(code !== undefined && { code }), ...(message !== undefined && { message }) };
}

function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}>([^<]{1,200})`).exec(xml)?.[1]?.trim();
}
