import { describe, expect, it } from 'vitest';
import { refusedMessage, whyRefused } from './refused-line.js';

const refused = (text: string) => refusedMessage(Buffer.from(text, 'latin1'), 'json');

describe('a line that had to be refused', () => {
  it.each([
    '{"jsonrpc":"2.0","id":7,"result":{"loss":NaN}}',
    '{"jsonrpc": "2.0", "id": 7, "result": {"id": 9, "x": NaN}}',
    '{"jsonrpc":"2.0","result":{"data":{"id":9}},"id":7}',
    '{"result":{"data":{"id":9}},"id":7,"jsonrpc":"2.0"}',
    '\xef\xbb\xbf{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}',
    '{"jsonrpc":"2.0","id":7,"result":"\xff"}',
    `{"jsonrpc":"2.0","id":7,"result":{"deep":${'['.repeat(5000)}`,
  ])('was meant as an answer: %j', (text) => {
    expect(refused(text)).toEqual({ type: 'answer', id: 7 });
  });

  it('was meant as undo data, which a step waits for', () => {
    expect(refused('{"jsonrpc":"2.0","method":"undo","params":{"id":7,"seq":1,"data":{"x":NaN}}}')).toEqual({
      type: 'undo',
      seq: 1,
    });
    expect(refused('{"method":"undo","params":{"data":{"x":NaN}}}')).toEqual({ type: 'undo', seq: undefined });
  });

  it.each([
    'epoch 3 of 10',
    'got {"jsonrpc":"2.0","id":7,"result":{}}',
    '{"id":7}',
    '{"jsonrpc":"2.0","method":"log","params":{"id":7,"result":NaN}}',
    '{"jsonrpc":"2.0","id":"7","result":{"x":NaN}}',
    '{"loss":{"result":{"id":7}}}',
  ])('was meant for nobody: %j', (text) => {
    expect(refused(text)).toBeUndefined();
  });

  it('is explained with the place of the number that it stumbles over', () => {
    const line = Buffer.from('{"id":7,"result":{"rows":[1,9007199254740993]}}');
    expect(whyRefused(line, 'unsafe_number')).toContain('at /result/rows/1');
    expect(whyRefused(Buffer.from('[1e400,'), 'unsafe_number')).not.toContain(' at ');
  });
});
