import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Orchestrator, RuntimeContext, StepFailedError, StepRegistry } from '@synapse-steps/core';
import type { BaseStep, JsonObject, RunEvent, RunReport } from '@synapse-steps/core';
import { PenguinContext } from '../context.js';

export const penguinsCsv = fileURLToPath(
  new URL('../../../../test-fixtures/data/penguins/penguins.csv', import.meta.url),
);

interface StepsRun {
  readonly context: PenguinContext;
  readonly report: RunReport;
  readonly events: readonly RunEvent[];
}

/** Runs steps over a new context, as the workflow does; a run that fails has its report too. */
export async function runSteps(steps: readonly BaseStep<PenguinContext>[], params: JsonObject): Promise<StepsRun> {
  const registry = new StepRegistry<PenguinContext>();
  for (const step of steps) registry.register(step);
  const context = new PenguinContext(new RuntimeContext({ params: { ...defaults, ...params } }));
  const orchestrator = new Orchestrator(registry, context);
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => void events.push(event));
  const report = await orchestrator.execute().catch((error: unknown) => {
    if (StepFailedError.is(error)) return error.report;
    throw error;
  });
  return { context, report, events };
}

const defaults = { csv: penguinsCsv, output: tmpdir(), seed: 42, epochs: 50, learning_rate: 0.5, catalogue: null };

/** A folder for one test: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'penguins-'));
  return {
    path,
    write: async (name: string, text: string) => {
      const file = join(path, name);
      await writeFile(file, text);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
