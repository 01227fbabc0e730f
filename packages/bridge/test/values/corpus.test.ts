import { readFileSync } from 'node:fs';
import { decodeJson, encodeJson, UnserialisableValueError } from '@synapse-steps/core';
import { expect, it } from 'vitest';
import { type Description, makeValue } from './make-value.js';

interface Case {
  readonly title: string;
  readonly make: Description;
  readonly json?: unknown;
  readonly refused?: string;
}

const corpus = JSON.parse(
  readFileSync(new URL('../../../../test-fixtures/values/corpus.json', import.meta.url), 'utf8'),
) as Case[];

it.each(corpus.filter(({ refused }) => refused === undefined))(
  'is written as the table says, and read again: $title',
  ({ make, json }) => {
    const written: unknown = JSON.parse(JSON.stringify(encodeJson(makeValue(make), 'it')));
    expect(written).toEqual(json);
    expect(decodeJson(written, 'it')).toEqual(makeValue(make));
  },
);

it.each(corpus.filter(({ refused }) => refused !== undefined))(
  'is refused, with the place: $title',
  ({ make, refused }) => {
    let pointer: string | undefined;
    try {
      encodeJson(makeValue(make), 'it');
    } catch (error) {
      if (error instanceof UnserialisableValueError) ({ pointer } = error);
    }
    if (refused === '*') expect(pointer).toMatch(/^(?:\/0)+$/);
    else expect(pointer).toBe(refused);
  },
);
