import fc from 'fast-check';
import { expect, it } from 'vitest';

import { type BaseStep, BaseStepContext, defineStep, type JsonValue, ParallelStep, StepResult } from '../src/index.js';
import { patchContext } from '../src/context/patch-context.js';
import { MemoryJournal, recordRun } from '../src/testing/index.js';

class Notes extends BaseStepContext {
  [field: string]: unknown;
}

type Change = (context: Notes, references: unknown[]) => void;

const field = fc.constantFrom('a', 'b', 'c');
const value = fc
  .jsonValue({ maxDepth: 2 })
  .map((made) => JSON.parse(JSON.stringify(made)) as JsonValue)
  .filter((made) => !/__proto__|constructor|prototype/.test(JSON.stringify(made))); // no keys of a context

const assign = fc.tuple(field, value).map(
  ([name, json]): Change =>
    (context) =>
      void (context[name] = json),
);
const remove = field.map(
  (name): Change =>
    (context) =>
      void Reflect.deleteProperty(context, name),
);
const hold = field.map(
  (name): Change =>
    (context, references) =>
      void references.push(context[name]),
);
const mutate = fc.tuple(fc.nat(9), value).map(([at, json]): Change => (_context, references) => {
  const target = references[at % Math.max(1, references.length)];
  if (Array.isArray(target)) target.push(json);
  else if (typeof target === 'object' && target !== null) Object.assign(target, { changed: json });
});
const operate = fc.tuple(field, value).map(([name, json]): Change => (context) => {
  const inside = Array.isArray(context[name]) ? '/-' : '';
  context.patch([{ op: 'add', path: `/${name}${inside}`, value: json }]);
});

/** What the steps of a workflow do, each of them some things; the last ones of them side by side. */
const workflow = fc.array(fc.array(fc.oneof(assign, remove, hold, mutate, operate), { maxLength: 4 }), {
  minLength: 2,
  maxLength: 6,
});

it('RB-16: what a journal heard adds up to the context, however it was changed and through which reference', async () => {
  await fc.assert(
    fc.asyncProperty(workflow, fc.nat(3), async (programs, parallel) => {
      const references: unknown[] = [];
      const steps = programs.map((changes, index): BaseStep<Notes> =>
        defineStep<Notes>({
          name: `step-${index}`,
          execute: (context) => {
            for (const change of changes) change(context, references);
            return StepResult.ok();
          },
        }),
      );
      const children = steps.splice(-parallel, parallel);
      const journal = new MemoryJournal();
      const context = new Notes();
      await recordRun([...steps, new ParallelStep(children)], context, { journal });
      expect(replayed(journal).toJSON()).toEqual(context.toJSON());
    }),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 100 },
  );
});

/** A context that was changed by nothing but what the journal heard. */
function replayed(journal: MemoryJournal): Notes {
  const context = new Notes();
  for (const event of journal.events) {
    if (event.type === 'context-change') patchContext(context, event.patch);
  }
  return context;
}
