import { describe, expect, it } from 'vitest';
import { errorOf, openFixture, SERVED_FAULTS } from '../open-fixture.js';
import { openScript } from '../open-script.js';
import { runSteps, type RunStepsOptions } from '../run-steps.js';

const ANSWER = '{"jsonrpc":"2.0","id":ID,"result":{"success":true,"data":{"rows":[1,VALUE]}}}';

describe('an answer of a raw plugin that holds what may not travel fails its call, and the plugin lives on', () => {
  it.each([
    ['F-17: NaN', 'NaN', 'json'],
    ['F-17: Infinity', '-Infinity', 'json'],
    ['F-17: 1e400', '1e400', 'an infinite number'],
    ['F-17: 2^53+1', '9007199254740993', 'an integer beyond'],
    ['F-17: an integer of 5000 digits', '9'.repeat(5000), 'an integer beyond'],
    ['F-21: a key __proto__', '{"__proto__":{"polluted":true}}', '__proto__'],
  ])('%s', async (_title, value, words) => {
    const { error } = await say({ text: ANSWER.replace('VALUE', value) });
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'say', outcomeUnknown: true });
    expect(error?.message).toMatch(new RegExp(words === 'json' ? 'no JSON' : words));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([62, 300, 100_000])('F-20: nested %i levels deep and more', async (depth) => {
    const { error } = await say({ text: ANSWER.replace('VALUE', 'DEEP'), depth });
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'say' });
    expect(error?.message).toContain('nested');
  });

  it('F-20: one that is as deep as it may be is taken', async () => {
    const { report } = await say({ text: ANSWER.replace('VALUE', 'DEEP'), depth: 60 });
    expect(report.status).toBe('succeeded');
  });

  it('F-16: that is no UTF-8', async () => {
    const base64 = Buffer.from(ANSWER.replace('VALUE', '"\xff\xfe"'), 'latin1').toString('base64');
    const { error } = await say({ base64 });
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'say' });
    expect(error?.message).toContain('no UTF-8');
  });

  it('F-18: that begins with a byte order mark', async () => {
    const base64 = Buffer.from(`\ufeff${ANSWER.replace('VALUE', '2')}`).toString('base64');
    const { error } = await say({ base64 });
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'say' });
  });

  it.each(['/__proto__/x', '/constructor/prototype/x', '/rows/prototype'])('F-21: a patch of %s', async (path) => {
    const patch = JSON.stringify([{ op: 'add', path, value: 1 }]);
    const { error, context } = await say({
      text: `{"jsonrpc":"2.0","id":ID,"result":{"success":true,"patch":${patch}}}`,
    });
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'say' });
    expect(Object.keys(context.toJSON())).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('other messages that hold a NaN', () => {
  it('F-17: undo data that cannot be read end their plugin, as their step must not go on as if they were safe', async () => {
    const { session } = await openScript(`
      const undo = (id) => process.stdout.write('{"jsonrpc":"2.0","method":"undo","params":{"id":' + id + ',"seq":1,"data":{"a":NaN}}}\\n');
      plugin([{ name: 'work', rollback: true }], { execute: ({ id }) => undo(id), rollback: ({ id }) => result(id, { outcome: 'undone' }) });`);
    const { error, report } = await runSteps(session, ['work']);
    expect(error?.cause).toMatchObject({ code: 'protocol_violation', step: 'work', outcomeUnknown: true });
    expect(report.status).toBe('rolled-back');
  });

  it('F-17: a handshake that cannot be read fails at once', async () => {
    const connecting = openScript(`
      onMessage(({ id }) => process.stdout.write('{"jsonrpc":"2.0","id":' + id + ',"result":{"protocol_version":1,"x":NaN}}\\n'));`);
    expect(await errorOf(connecting)).toMatchObject({ code: 'protocol_violation', plugin: 'script' });
  });
});

describe.each([
  ['Python', 'faults/values.py'],
  ['Node', SERVED_FAULTS],
])('a step of the %s SDK', (language, file) => {
  const give = async (kind: string) => await runIn(file, 'give', { stepParams: { kind } });

  it('F-17: that gives back a number that may not travel fails with where it stood, and keeps its undo data', async () => {
    const { session } = await openFixture(file);
    const kinds = ['nan', 'infinity', 'digits', ...(language === 'Python' ? ['overflow'] : [])];
    for (const kind of kinds) {
      const { error, context } = await runSteps(session, ['give'], { stepParams: { kind } });
      expect(error?.message, kind).toContain('/rows/1');
      expect(context['undone'], kind).toEqual({ kept: 1 });
    }
  });

  it('F-17: that gives back a number beyond ±(2^53−1) gives back that number', async () => {
    const { report } = await give('unsafe');
    const unsafe = language === 'Python' ? 2n ** 53n + 1n : 2 ** 53 + 2;
    expect(report.steps[0]?.data).toEqual({ rows: [1, unsafe] });
  });

  it.each([65, 300, 100_000])(
    'F-20: that gives back a value %i levels deep fails, and its plugin lives on',
    async (depth) => {
      const { error, context } = await give(`depth ${depth}`);
      expect(error?.message).toMatch(/deep|nested|levels/);
      expect(error?.message.length).toBeLessThan(2000);
      expect(context['undone']).toEqual({ kept: 1 });
    },
  );

  it('F-18: gets and gives back every text as it was, a lone surrogate as U+FFFD', async () => {
    const { session } = await openFixture(file);
    for (const text of [
      '\u0000',
      'a\rb\r\nc',
      '\u2028\u2029\u0085',
      '\ufeffBOM',
      '😀 日本 ñ',
      '\\u0000 \\',
      '\ud800 x \udc00',
    ]) {
      const { report, context } = await runSteps(session, ['echo'], { fields: { there: text } });
      const arrives = text.replace(/[\ud800-\udfff]/gu, '\ufffd');
      expect(report.steps[0]?.data).toEqual({ text: arrives });
      expect(context['back']).toBe(arrives === text ? text : arrives);
    }
  });

  it('F-20: is not begun with a context that is too deep', async () => {
    const { error } = await runIn(file, 'echo', {
      fields: { there: JSON.parse('['.repeat(70) + ']'.repeat(70)) as never },
    });
    expect(error?.cause).toMatchObject({ code: 'unserialisable_value', outcomeUnknown: false });
  });
});

describe('a field or key that would change a prototype', () => {
  it.each([
    ['a field __proto__', { name: '__proto__' }],
    ['a field constructor', { name: 'constructor' }],
    ['a key __proto__ in its data', { name: '__proto__', nested: true }],
  ])('F-21: %s of a Python step is refused', async (_title, stepParams) => {
    const { error } = await runIn('faults/values.py', 'dunder', { stepParams });
    expect(error?.message).toContain(stepParams.name);
  });
});

async function say(stepParams: NonNullable<RunStepsOptions['stepParams']>) {
  const { session } = await openFixture('faults/says.mjs');
  const { pid } = session;
  const run = await runSteps(session, ['say'], { stepParams });
  expect(session.pid).toBe(pid);
  return run;
}

async function runIn(file: string, step: string, options: RunStepsOptions) {
  const { session } = await openFixture(file);
  const { pid } = session;
  const run = await runSteps(session, [step], options);
  expect(session.pid).toBe(pid);
  return run;
}
