/** How a value is made, in TypeScript here and in Python in test-fixtures/plugins/values.py. */
export type Description =
  | readonly ['null']
  | readonly ['bool', boolean]
  | readonly ['text' | 'int' | 'float' | 'bytes', string]
  | readonly ['list', readonly Description[]]
  | readonly ['object', readonly (readonly [string, Description])[]]
  | readonly ['digits' | 'deep', number]
  | readonly ['function' | 'cycle'];

/** Makes a value. */
export function makeValue(description: Description): unknown {
  const [kind, content] = description;
  switch (kind) {
    case 'null':
      return null;
    case 'bool':
    case 'text':
      return content;
    case 'int':
      return integer(content);
    case 'float':
      return Number(content.replace('inf', 'Infinity'));
    case 'bytes':
      return new Uint8Array(Buffer.from(content, 'base64'));
    case 'list':
      return content.map(makeValue);
    case 'object':
      return makeObject(content);
    case 'digits':
      return 10n ** BigInt(content);
    case 'deep':
      return nested(content);
    case 'function':
      return () => 1;
    case 'cycle':
      return cycle();
  }
}

function integer(text: string): number | bigint {
  const value = BigInt(text);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function makeObject(entries: readonly (readonly [string, Description])[]): object {
  const made = {};
  for (const [key, item] of entries) {
    Object.defineProperty(made, key, { value: makeValue(item), enumerable: true, configurable: true, writable: true });
  }
  return made;
}

function nested(levels: number): unknown[] {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level += 1) value = [value];
  return value;
}

function cycle(): unknown[] {
  const value: unknown[] = [];
  value.push(value);
  return value;
}
