import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectPlugin } from '@synapse-steps/bridge';
import { readTranscript, type TranscriptEntry } from '@synapse-steps/bridge/transcript';
import {
  BaseStepContext,
  ConfiguredStep,
  type JsonObject,
  Orchestrator,
  RuntimeContext,
  StepFailedError,
  StepRegistry,
} from '@synapse-steps/core';
import { onTestFinished } from 'vitest';

/** What a host does in a golden transcript. */
export interface GoldenRun {
  readonly steps: readonly string[];
  readonly params?: JsonObject;
  readonly fields?: JsonObject;
  /** Cancels the run when a step reports progress. */
  readonly cancels?: boolean;
}

const FIELDS = {
  rows: [
    [39.1, 18.7],
    [40.3, 18],
  ],
  model: { path: null },
  untouched: 'ä',
};

/** The transcripts of the runtimes' own plugins, and how a host comes to say what stands in them. */
export const GOLDEN_RUNS: Readonly<Record<string, GoldenRun>> = {
  handshake: { steps: [] },
  execute: { steps: ['train'] },
  skip: { steps: ['evaluate'], params: { skip: true } },
  'self-skip': { steps: ['evaluate'] },
  failure: { steps: ['register'] },
  cancel: { steps: ['wait'], cancels: true },
  rollback: { steps: ['train', 'register'] },
  'context-delta': { steps: ['train', 'evaluate'] },
};

/** Those in which a plugin does what our runtimes may do, and do not: only our host is tried against them. */
export const HOST_RUNS: Readonly<Record<string, GoldenRun>> = {
  'context-base-missing': { steps: ['train', 'evaluate'] },
};

/** Those in which a host does what ours does not. */
export const PLUGIN_RUNS: readonly string[] = ['context-base-unknown'];

/** Those of the plugins that were written from the specification alone. */
export const DOUBLE_RUNS: Readonly<Record<string, GoldenRun>> = {
  double: { steps: ['double'], fields: { value: 21 } },
  'double-failure': { steps: ['double'], fields: { value: 'x' } },
};

const TRANSCRIPTS = fileURLToPath(new URL('../../../test-fixtures/protocol/transcripts/', import.meta.url));

/** The file of a golden transcript. */
export function goldenFile(name: string): string {
  return `${TRANSCRIPTS}${name}.ndjson`;
}

/** A golden transcript. */
export function goldenTranscript(name: string): TranscriptEntry[] {
  return readTranscript(readFileSync(goldenFile(name), 'utf8'), name);
}

/** What Node needs to run a TypeScript file from these sources. */
export const TYPESCRIPT = [
  process.execPath,
  '--conditions=@synapse-steps/source',
  '--import',
  createRequire(import.meta.url).resolve('tsx'),
];

const REPLAYING_PLUGIN = fileURLToPath(new URL('replaying-plugin.ts', import.meta.url));

/** Lets the real host run against the plugin of a transcript, and gives what it did otherwise than the host of it. */
export async function hostAgainst(file: string, run: GoldenRun): Promise<readonly string[]> {
  const verdict = join(await scratchFolder(), 'verdict.json');
  await runGolden([...TYPESCRIPT, REPLAYING_PLUGIN, file, verdict], run);
  const lives = readFileSync(verdict, 'utf8').trimEnd().split('\n');
  return lives.flatMap((problems) => JSON.parse(problems) as string[]);
}

/** Runs the steps of a golden transcript in a plugin, as the real host does. */
export async function runGolden(command: readonly string[], run: GoldenRun, record?: string): Promise<void> {
  const session = await connectPlugin({ command }, { name: 'golden', record, onLog: () => undefined });
  try {
    if (run.steps.length > 0) await runSteps(session, run);
  } finally {
    await session.close();
  }
}

async function runSteps(session: Awaited<ReturnType<typeof connectPlugin>>, run: GoldenRun): Promise<void> {
  const registry = new StepRegistry();
  for (const name of run.steps) {
    registry.register(new ConfiguredStep(session.step(name), { params: { learning_rate: 0.1 } }));
  }
  const context = new BaseStepContext(new RuntimeContext({ params: { epochs: 2, ...run.params } }));
  Object.assign(context, structuredClone(run.fields ?? FIELDS));
  const stop = new AbortController();
  const orchestrator = new Orchestrator(registry, context, { signal: stop.signal, runId: 'run-7' });
  orchestrator.events.subscribe(({ type }) => {
    if (run.cancels === true && type === 'step-progress') stop.abort(new Error('enough'));
  });
  try {
    await orchestrator.execute();
  } catch (error) {
    if (!StepFailedError.is(error)) throw error; // how steps fail is part of some transcripts
  }
}

/** A folder that is gone when the test is over. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'transcript-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
