import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { BaseAction, BaseStep, BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import type { RunReport, RuntimeContext, StepRegistry } from '@synapse-steps/core';
import { z } from 'zod';

class ShelfContext extends BaseStepContext {
  placed: string[] = [];
}

const Params = z.object({
  books: z.array(z.string().min(1)).min(1).meta({ description: 'names of files to make' }),
  waitFor: z.string().optional().meta({ description: 'a file to wait for after the first book' }),
  fail: z.boolean().default(false),
});

/** Makes a file for each book. Each is undone, also when the action is stopped half-way. */
class PlaceStep extends BaseStep<ShelfContext, Record<string, true>> {
  readonly name = 'place';
  readonly progressWeight = 3;

  constructor(private readonly action: { readonly params: z.output<typeof Params> }) {
    super();
  }

  async execute(context: ShelfContext) {
    const { books, waitFor } = this.action.params;
    for (const [index, book] of books.entries()) {
      await context.saveUndo({ [book]: true });
      await writeFile(book, '');
      context.placed.push(book);
      context.setProgress(index + 1, books.length);
      if (waitFor !== undefined && !existsSync(waitFor)) await aborted(context.signal);
    }
    return StepResult.ok();
  }

  override async rollback(_context: ShelfContext, result: StepResult<Record<string, true>>) {
    for (const book of Object.keys(result.rollbackData)) await rm(book, { force: true });
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => {}, 1000); // a promise alone does not keep a process
    const stop = (): void => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  throw signal.reason;
}

interface Shelf {
  readonly placed: readonly string[];
}

export class Fill extends BaseAction<typeof Params, ShelfContext, Shelf> {
  static override readonly params = Params;
  static override readonly result = z.object({ placed: z.array(z.string()).max(2) });

  protected override createContext(runtimeContext: RuntimeContext): ShelfContext {
    return new ShelfContext(runtimeContext);
  }

  override setupSteps(registry: StepRegistry<ShelfContext>): void {
    registry.register(new PlaceStep(this));
    const execute = (): StepResult => (this.params.fail ? StepResult.fail('the shelf is crooked') : StepResult.ok());
    registry.register(defineStep({ name: 'look', execute }));
  }

  protected override createResult(_report: RunReport, context: ShelfContext): Shelf {
    return { placed: context.placed };
  }
}

/** No steps: one piece of work, with its own undo. */
export class Note extends BaseAction<z.ZodObject<{ text: z.ZodString }>, BaseStepContext, { readonly length: number }> {
  static override readonly params = z.object({ text: z.string() });

  override async execute(): Promise<{ readonly length: number }> {
    await writeFile('note.txt', this.params.text);
    return { length: this.params.text.length };
  }
}

export class ResultThrows extends Note {
  override setupSteps(registry: StepRegistry): void {
    registry.register(defineStep({ name: 'only', execute: () => StepResult.ok() }));
  }

  protected override createResult(): { readonly length: number } {
    throw new Error('nobody counted');
  }
}

/** Its steps depend on its params. */
export class Depends extends Note {
  override setupSteps(registry: StepRegistry): void {
    for (const word of this.params.text.split(' ')) {
      registry.register(defineStep({ name: word, execute: () => StepResult.ok() }));
    }
  }
}

export const checks = [defineStep({ name: 'first', execute: () => StepResult.ok() })];
export const label = 'shelf';
