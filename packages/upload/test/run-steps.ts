import type { BackendClient } from '@synapse-steps/backend';
import {
  CollectingLogger,
  Orchestrator,
  RuntimeContext,
  StepFailedError,
  type BaseStep,
  type LogEntry,
  type RunEvent,
  type RunReport,
  type StepRegistry,
} from '@synapse-steps/core';

import { BaseUploadAction } from '../src/base-upload-action.js';
import type { UploadContext } from '../src/upload-context.js';

export interface RunStepsOptions {
  readonly client: BackendClient;
  readonly allowedExtensions?: Readonly<Record<string, readonly string[]>>;
  readonly jobId?: string;
}

export interface StepsRun {
  readonly report: RunReport;
  readonly context: UploadContext;
  readonly entries: readonly LogEntry[];
  /** What was logged, in short: the event, or the code or text of a message. */
  readonly said: readonly string[];
  readonly events: readonly RunEvent[];
}

/** Runs an upload of these steps only, as far as it gets. */
export async function runSteps(
  steps: readonly BaseStep<UploadContext>[],
  params: Readonly<Record<string, unknown>>,
  { client, allowedExtensions = {}, jobId }: RunStepsOptions,
): Promise<StepsRun> {
  class TestedUpload extends BaseUploadAction {
    override allowedExtensions() {
      return allowedExtensions;
    }

    override setupSteps(registry: StepRegistry<UploadContext>) {
      for (const step of steps) registry.register(step);
    }
  }
  const logger = new CollectingLogger();
  const given = { name: 'Batch 1', storage: 1, data_collection: 5, path: 'set', ...params };
  const host = new RuntimeContext({ client, logger, ...(jobId !== undefined && { jobId }) });
  const { registry, context } = await new TestedUpload(given, host).prepare();
  const orchestrator = new Orchestrator(registry, context);
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => void events.push(event));
  const report = await orchestrator.execute().catch((error: unknown) => {
    if (StepFailedError.is(error)) return error.report;
    throw error;
  });
  return { report, context, entries: logger.entries, said: logger.entries.map(inShort), events };
}

function inShort({ event, data }: LogEntry): string {
  return event === 'message' ? String(data['key'] ?? data['content']) : event;
}
