import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { mayTakeMemory } from '../clean-scene.js';
import { openFixture } from '../open-fixture.js';
import { OpenContext } from '../run-steps.js';
import { Orchestrator, StepFailedError, StepRegistry, ConfiguredStep, type JsonValue } from '@synapse-steps/core';
import type { PluginSession } from '../../src/index.js';
import { type Description, makeValue } from './make-value.js';

const RUNS = 60;
const SERVED_VALUES = fileURLToPath(new URL('served-values.ts', import.meta.url));

// keys that are whole numbers change their place in a JavaScript object
const key = fc.oneof(
  fc.constantFrom('$int', '$bytes', '$file', '$$int', '$$$file', '$', '$ref', 'a/b~c', '', 'é'),
  fc
    .string({ unit: 'grapheme', maxLength: 5 })
    .filter((text) => !/^(?:\d+|__proto__|constructor|prototype)$/.test(text)),
);

/** Everything that both languages have, with keys that look like tags, and sizes on both sides of each limit. */
const description = fc.letrec<{ value: Description }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(['null'] as const),
    fc.tuple(fc.constant('bool' as const), fc.boolean()),
    fc.tuple(fc.constant('text' as const), fc.string({ unit: 'binary', maxLength: 20 })),
    fc.tuple(fc.constant('text' as const), fc.constantFrom('x'.repeat(3000), '\u2028"\\', '$int')),
    fc.tuple(fc.constant('int' as const), fc.bigInt().map(String)),
    fc.tuple(
      fc.constant('int' as const),
      fc.integer({ min: -5, max: 5 }).map((near) => String(2n ** 53n + BigInt(near))),
    ),
    fc.tuple(
      fc.constant('float' as const),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value + 0 === 0 ? 0 : value)),
    ),
    fc.tuple(
      fc.constant('bytes' as const),
      fc
        .oneof(
          fc.uint8Array({ maxLength: 20 }),
          fc.constantFrom(new Uint8Array(16_384), new Uint8Array(16_385).fill(9)),
        )
        .map((bytes) => Buffer.from(bytes).toString('base64')),
    ),
    fc.tuple(fc.constant('list' as const), fc.array(tie('value'), { maxLength: 4 })),
    fc.tuple(
      fc.constant('object' as const),
      fc.uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name }),
    ),
  ) as fc.Arbitrary<Description>,
})).value;

const CONDITIONS = [
  ['as they are', {}],
  ['with nearly everything in files', { inlineBytes: 64 }],
  ['with everything in messages', { maxFileBytes: 0 }],
] as const;

it.each(
  CONDITIONS.flatMap(([title, limits]) => [
    { title, limits, to: 'Python', file: 'values.py' },
    { title, limits, to: 'Node', file: SERVED_VALUES },
  ]),
)(
  'values arrive as the table says, from TypeScript to $to and back, and the other way: $title',
  async ({ file, limits }) => {
    const { session } = await openFixture(file, { limits });
    mayTakeMemory(512); // fast-check keeps what it has made
    const { pid } = session;
    const batch = fc.array(description, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(batch, async (descriptions) => {
        const { context, wrong } = await compare(session, descriptions);
        const made = descriptions.map(makeValue);
        expect(wrong).toEqual([]);
        expect(context['made']).toEqual(made);
        expect(context['back']).toEqual(made);
        expect(context['undone']).toBe(true);
      }),
      // fewer runs than these prove less: being slow is a failure, too
      { numRuns: RUNS, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
    );
    expect(session.pid).toBe(pid);
  },
);

async function compare(session: PluginSession, descriptions: readonly Description[]) {
  const context = new OpenContext();
  context['there'] = descriptions.map(makeValue);
  const params = { descriptions: descriptions as unknown as JsonValue };
  const registry = new StepRegistry<OpenContext>();
  for (const name of ['compare', 'fail']) registry.register(new ConfiguredStep(session.step(name), { params }));
  try {
    await new Orchestrator(registry, context).execute();
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    return { context, wrong: (error.report.steps[0]?.data as { wrong?: unknown } | undefined)?.wrong };
  }
  throw new Error('the second step fails');
}
