import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareReaders, corpus } from './differential-fuzz.js';
import { PythonReader } from './python-reader.js';
import { readTypeScript } from './typescript-reader.js';

let python: PythonReader;
beforeAll(() => {
  python = new PythonReader();
});
afterAll(async () => {
  await python.close();
});

describe('the readers of TypeScript and Python agree on', () => {
  it.each(corpus())('$title', async (fuzzCase) => {
    expect(readTypeScript(fuzzCase).lines.length).toBeGreaterThan(0);
    expect(await compareReaders(python, fuzzCase)).toBeUndefined();
  });
});
