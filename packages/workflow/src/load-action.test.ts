import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPlugin } from '@synapse-steps/bridge';
import { Orchestrator, RuntimeContext } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { loadAction } from './load-action.js';
import { loadWorkflow } from './load-workflow.js';
import { WorkflowError } from './workflow-error.js';

/** A folder with `shelf.ts`, and a workflow file that uses it. */
class Project implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async with(workflow = ''): Promise<Project> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'workflow-action-')));
    await writeFile(join(folder, 'shelf.ts'), SHELF);
    await writeFile(join(folder, 'flow.yaml'), workflow);
    return new Project(folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  /** What loading says is wrong, without the folder. */
  async refuses(load: Promise<unknown>): Promise<string> {
    const error: unknown = await load.then(
      () => new Error('it was loaded'),
      (failure: unknown) => failure,
    );
    if (!(error instanceof WorkflowError)) throw error;
    return error.message.replaceAll(`${this.folder}/`, '');
  }
}

const SHELF = `
import { BaseAction, BaseStep, BaseStepContext, defineStep, StepRegistry, StepResult } from '@synapse-steps/core';
import { z } from 'zod';

class ShelfContext extends BaseStepContext {
  books = [];
}

export class Fill extends BaseAction {
  static params = z.object({ books: z.array(z.string()).min(1), copies: z.number().int().default(1), fail: z.boolean().default(false) });

  createContext(runtimeContext) {
    return new ShelfContext(runtimeContext);
  }

  setupSteps(registry) {
    registry.register(defineStep({
      name: 'order',
      progressWeight: 3,
      execute: (context) => {
        context.books = this.params.books.flatMap((book) => Array(this.params.copies).fill(book));
        return StepResult.ok();
      },
      rollback: (context) => { context.books = []; },
    }));
    registry.register(defineStep({ name: 'place', execute: () => (this.params.fail ? StepResult.fail('no room') : StepResult.ok()) }));
  }

  createResult(report, context) {
    return { books: context.books, client: this.runtimeContext.client };
  }
}

export class Strict extends BaseAction {
  static params = z.strictObject({ n: z.number() });
  execute() { return this.params.n; }
}

export class Loose extends BaseAction {
  static params = z.looseObject({ epochs: z.number().default(3) });
  execute() { return this.params; }
}

export class Mistaken extends BaseAction {
  setupSteps(registry) { registry.register(say('train')).unregister('training'); }
}

export class Broken extends BaseAction {
  setupSteps() { throw new Error('no shelf at all'); }
}

const say = (name) => defineStep({ name, execute: (context) => StepResult.ok({ data: { ...context.params } }) });
export const one = say('one');
export const several = [say('a'), say('b')];
export const twice = [say('a'), say('a')];
export const registry = new StepRegistry().register(say('r'));
export class Last extends BaseStep {
  name = 'last';
  progressWeight = 1;
  execute(context) { return StepResult.ok({ data: { fields: Object.keys(context.toJSON()) } }); }
}
export const settings = { a: 1 };
export const nothing = [];
export const mixed = [say('m'), 3];
`;

const PLUGIN = `
from synapse_steps import BaseStep, StepResult

class AddStep(BaseStep):
    name = "add"
    progress_weight = 1

    def execute(self, context):
        context.items = context.items + [context.params["who"]]
        return StepResult(data={"items": len(context.items)})
`;

const PLUGGED = `
import { BaseAction, BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';

class Items extends BaseStepContext {
  items = [];
}

export class Plugged extends BaseAction {
  createContext(runtimeContext) { return new Items(runtimeContext); }
  setupSteps(registry) {
    registry.register(defineStep({ name: 'fill', execute: (context) => { context.items.push('first'); return StepResult.ok(); } }));
    registry.register(this.runtimeContext.client.step('add'));
  }
  createResult(report, context) { return { items: context.items }; }
}
`;

describe('loadAction', () => {
  it('loads a class of actions, checks its params, and hands back what it returns', async () => {
    await using project = await Project.with();
    const options = {
      workDir: project.folder,
      params: { books: ['Emma'], copies: 2 },
      runtimeContext: new RuntimeContext({ client: 'the client' }),
    };
    await using action = await loadAction('shelf.ts#Fill', options);
    expect(action.name).toBe('Fill');
    expect(action.params).toEqual({ books: ['Emma'], copies: 2, fail: false });
    expect(action.workDir).toBe(project.folder);
    expect(action.paramsSchema).toMatchObject({ required: ['books'] });
    expect(action.steps.map(({ step }) => [step.name, step.progressWeight])).toEqual([
      ['order', 3],
      ['place', 1],
    ]);
    const report = await new Orchestrator(action.registry, action.context).execute();
    expect(await action.createResult?.(report)).toEqual({ books: ['Emma', 'Emma'], client: 'the client' });
  });

  it.each([
    ['one', ['one']],
    ['several', ['a', 'b']],
    ['registry', ['r']],
    ['Last', ['last']],
  ])('loads steps as well: %s', async (name, steps) => {
    await using project = await Project.with();
    await using loaded = await loadAction(`shelf.ts#${name}`, { workDir: project.folder, params: { n: 1 } });
    expect([loaded.name, loaded.steps.map(({ step }) => step.name), loaded.params]).toEqual([name, steps, { n: 1 }]);
    expect(loaded.createResult).toBeUndefined();
  });

  it('names every param that is not right, with what was expected', async () => {
    await using project = await Project.with();
    const { folder: workDir } = project;
    const params = { copies: 'two', fial: true, books: ['a', 7] };
    expect(await project.refuses(loadAction('shelf.ts#Fill', { workDir, params }))).toBe(
      [
        "shelf.ts#Fill: there is no param 'fial'. Did you mean 'fail'? The action has: 'books', 'copies', 'fail'.",
        `shelf.ts#Fill: the param 'books.1' was given 7: Invalid input: expected string, received number. Give another value.`,
        `shelf.ts#Fill: the param 'copies' was given "two": Invalid input: expected number, received string. Give another value.`,
      ].join('\n'),
    );
    expect(await project.refuses(loadAction('shelf.ts#Fill', { workDir }))).toBe(
      "shelf.ts#Fill: the param 'books' is missing: Invalid input: expected array, received undefined. Give it a value.",
    );
    expect(await project.refuses(loadAction('shelf.ts#Fill', { workDir, params: { books: ['a'], x: 1 } }))).toMatch(
      /^shelf.ts#Fill: there is no param 'x'\. [^\n]+$/,
    );
    expect(await project.refuses(loadAction('shelf.ts#Strict', { workDir, params: { n: 1, m: 2 } }))).toMatch(
      /^shelf.ts#Strict: there is no param 'm'\. [^\n]+$/,
    );
  });

  it('warns of what may be a slip where the action keeps params that it does not declare', async () => {
    await using project = await Project.with();
    const { folder: workDir } = project;
    await using loose = await loadAction('shelf.ts#Loose', { workDir, params: { epoch: 5, colour: 'red', epochs: 4 } });
    expect(loose.warnings).toEqual([
      "the param 'epoch' is not declared; it is kept as it is. Did you mean 'epochs'?",
      "the param 'colour' is not declared; it is kept as it is.",
    ]);
    expect(loose.params).toEqual({ epoch: 5, colour: 'red', epochs: 4 });
    await using strict = await loadAction('shelf.ts#Strict', { workDir, params: { n: 1 } });
    expect(strict.warnings).toEqual([]);
  });

  it('ends what an action says of itself with one full stop', async () => {
    await using project = await Project.with();
    expect(await project.refuses(loadAction('shelf.ts#Mistaken', { workDir: project.folder }))).toMatch(
      /no step named 'training'\. Did you mean 'train'\? Registered: train\.$/,
    );
  });

  it('takes params that are not right to look at the steps only', async () => {
    await using project = await Project.with();
    await using action = await loadAction('shelf.ts#Fill', { workDir: project.folder, checkParams: false });
    expect(action.steps).toHaveLength(2);
  });

  it.each([
    [
      'shelf.ts#Fil',
      "shelf.ts: there is no export 'Fil'. Did you mean 'Fill'? The actions and steps of the file: Fill,",
    ],
    [
      'shelf.ts#settings',
      "shelf.ts: the export 'settings' cannot be run: it is an object, and neither an action, a step,",
    ],
    [
      'shelf.ts#settings',
      'The actions and steps of the file: Broken, Fill, Last, Loose, Mistaken, Strict, one, registry, several, twice.',
    ],
    ['shelf.ts#nothing', "the export 'nothing' cannot be run: it is an empty list"],
    ['shelf.ts#mixed', "the export 'mixed' cannot be run: it is a list of something else"],
    ['shelf.ts#twice', "shelf.ts#twice: Two steps are named 'a'"],
    ['shelf.ts#Broken', 'shelf.ts#Broken: the action Broken cannot be prepared: no shelf at all.'],
    ['shelf.ts', 'shelf.ts: this names no export. Write file.ts#Export.'],
    ['no.ts#Fill', 'no.ts: it cannot be loaded: there is no such file; the path is relative to the working directory.'],
  ])('says what is wrong with %s', async (target, message) => {
    await using project = await Project.with();
    expect(await project.refuses(loadAction(target, { workDir: project.folder }))).toContain(message);
  });
});

describe('an action in a workflow file', () => {
  it('is one step with its own steps inside, over its own context and params', async () => {
    await using project = await Project.with(`
params: { greeting: hello }
steps:
  - uses: ./shelf.ts#Fill
    name: fill
    weight: 3
    with: { books: [Emma, Dune] }
    retry: { attempts: 2 }
  - uses: ./shelf.ts#Last
`);
    await using workflow = await loadWorkflow('flow.yaml', { workDir: project.folder });
    expect(workflow.steps[0]).toMatchObject({ uses: './shelf.ts#Fill', paramsSchema: { required: ['books'] } });
    const percents = new Set<number>();
    const orchestrator = new Orchestrator(workflow.registry, workflow.context, {
      onProgress: (at) => percents.add(at),
    });
    const report = await orchestrator.execute();
    expect(report.steps.map(({ name, data }) => [name, data])).toEqual([
      ['fill', { books: ['Emma', 'Dune'] }],
      ['fill/order', {}],
      ['fill/place', {}],
      ['last', { fields: [] }],
    ]);
    expect([...percents]).toEqual([56, 75, 100]);
  });

  it('is undone step by step, and lends what the host lends', async () => {
    await using project = await Project.with('steps: [{ uses: ./shelf.ts#Fill, with: { books: [Emma], fail: true } }]');
    await using workflow = await loadWorkflow('flow.yaml', { workDir: project.folder });
    const failure = await new Orchestrator(workflow.registry, workflow.context)
      .execute()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: "Step 'Fill' failed: its step 'Fill/place' failed: no room",
      report: {
        rollback: { complete: true, steps: [{ name: 'Fill/place' }, { name: 'Fill/order', outcome: 'undone' }, {}] },
      },
    });
  });

  it.each([
    [
      'with: { copies: 2 }',
      "flow.yaml:3:11: 'books' in 'with' of step 1 (Fill) is not right: Invalid input: expected array",
    ],
    [
      'with: { books: [a], x: 1 }',
      "flow.yaml:3:28: 'x' in 'with' of step 1 (Fill) is not right: the step does not know it.",
    ],
  ])('has its params checked where they stand: %s', async (given, message) => {
    await using project = await Project.with(`steps:\n  - uses: ./shelf.ts#Fill\n    ${given}\n`);
    expect(await project.refuses(loadWorkflow('flow.yaml', { workDir: project.folder }))).toContain(message);
  });

  it('gives its context and params to steps of a plugin inside it, and takes changes back', async () => {
    await using project = await Project.with('steps: [{ uses: ./plugged.ts#Plugged, name: it, with: { who: me } }]');
    await writeFile(join(project.folder, 'p.py'), PLUGIN);
    await writeFile(join(project.folder, 'plugged.ts'), PLUGGED);
    await using session = await connectPlugin({ python: join(project.folder, 'p.py') });
    const host = new RuntimeContext({ client: session });
    await using workflow = await loadWorkflow('flow.yaml', { workDir: project.folder, runtimeContext: host });
    const report = await new Orchestrator(workflow.registry, workflow.context).execute();
    expect(report.steps.map(({ name, data }) => [name, data])).toEqual([
      ['it', { items: ['first', 'me'] }],
      ['it/fill', {}],
      ['it/add', { items: 2 }],
    ]);
    expect(workflow.context.toJSON()).toEqual({});
  });

  it('says which one cannot be prepared, and why', async () => {
    await using project = await Project.with('steps:\n  - uses: ./shelf.ts#Broken\n');
    expect(await project.refuses(loadWorkflow('flow.yaml', { workDir: project.folder }))).toBe(
      'flow.yaml:2:11: the action Broken cannot be prepared: no shelf at all',
    );
  });
});
