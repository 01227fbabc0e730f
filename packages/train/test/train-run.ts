import { BackendClient } from '@synapse-steps/backend';
import {
  CollectingLogger,
  RuntimeContext,
  type BaseStep,
  type LogEntry,
  type RunReport,
  type RuntimeContextOptions,
} from '@synapse-steps/core';
import { recordRun } from '@synapse-steps/core/testing';
import { onTestFinished } from 'vitest';

import { FakeBackend, type FakeBackendOptions } from '../../../test-fixtures/backend/fake-backend.js';
import type { BaseTrainAction } from '../src/base-train-action.js';
import type { TrainContext } from '../src/train-context.js';
import type { TrainResult } from '../src/train-result.js';

export { folderOf } from '../../../test-fixtures/folders/folder-of.js';

export interface TestBackend {
  readonly server: FakeBackend;
  readonly client: BackendClient;
  /** Requests so far, as `GET /models/8/ 200`. */
  readonly paths: () => string[];
}

/** A backend that fails as it is told; it ends with the test. */
export async function startTestBackend(options: FakeBackendOptions = {}): Promise<TestBackend> {
  const server = await FakeBackend.start(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const client = new BackendClient({ host: server.url, token: 'secret', retryDelayMs: 1 });
  const paths = (): string[] => server.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
  return { server, client, paths };
}

export interface TrainRun {
  readonly report: RunReport;
  readonly context: TrainContext;
  readonly result: TrainResult | undefined;
  readonly entries: readonly LogEntry[];
  /** What was logged, in short: step, and the event, or the code or text of a message. */
  readonly said: readonly string[];
}

type AnyTrainAction = new (params: never, runtimeContext: RuntimeContext) => Pick<BaseTrainAction, 'prepare'>;

export interface RunTrainingOptions extends RuntimeContextOptions {
  /** Steps after those of the action. */
  readonly more?: readonly BaseStep<TrainContext>[];
}

/** Runs a training, as far as it gets. */
export async function runTraining(
  action: AnyTrainAction,
  params: Readonly<Record<string, unknown>>,
  { more = [], ...host }: RunTrainingOptions = {},
): Promise<TrainRun> {
  const logger = new CollectingLogger();
  const prepared = await new action(params as never, new RuntimeContext({ logger, ...host })).prepare();
  const { report } = await recordRun([...prepared.registry, ...more], prepared.context);
  const result = report.success ? await prepared.createResult(report) : undefined;
  const said = logger.entries.map(inShort);
  return { report, context: prepared.context, result, entries: logger.entries, said };
}

function inShort({ event, data, step }: LogEntry): string {
  return `${step}: ${event === 'message' ? String(data['key'] ?? data['content']) : event}`;
}
