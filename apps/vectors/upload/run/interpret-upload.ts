import { join } from 'node:path';
import { BackendClient, JobReporter } from '@synapse-steps/backend';
import {
  errorMessage,
  InvalidParamsError,
  RuntimeContext,
  SynapseStepsError,
  type BaseLogger,
  type JsonObject,
} from '@synapse-steps/core';
import { uploadProportions } from '@synapse-steps/upload';
import type { Observation } from '../cases/compare-observation.js';
import type { Raised, RequestRecord, UploadGiven, UploadVector } from '../cases/upload-vector.js';
import { readTree } from '../world/file-tree.js';
import { World } from '../world/world.js';
import { briefLog, briefStep } from './brief.js';
import { makeAction, type UploadRun } from './make-action.js';
import { RecordingLogger } from './recording-logger.js';
import { orderRequests } from './request-order.js';
import { RunRecorder } from './run-recorder.js';
import { stepFacts } from './step-facts.js';

const JOB_ID = '42';

/** Runs the upload that a vector describes over real HTTP; what came out of it, in the form of `expect`. */
export async function interpretUpload({ given, detail }: UploadVector): Promise<Observation> {
  await using world = await World.make(given);
  const { run, recorder } = await runAction(given, world);
  const { steps, logs, rolled_back, progress, metrics } = recorder;
  const isFull = detail === 'full';
  const told = given.logger === 'job' ? {} : { progress, metrics, logs: isFull ? logs : logs.map(briefLog) };
  return world.takeOut({
    ...run,
    steps: isFull ? steps : steps.map(briefStep),
    rolled_back,
    requests: orderRequests(world.backend.requests as unknown as RequestRecord[]),
    backend_after: world.left(),
    ...told,
    ...(given.read_back !== undefined && { files: await readTree(join(world.root, given.read_back)) }),
  }) as Observation;
}

async function runAction(
  given: UploadGiven,
  world: World,
): Promise<{ run: Pick<Observation, 'result' | 'raised' | 'errors'>; recorder: RunRecorder }> {
  const recorder: RunRecorder = new RunRecorder((step, data) => {
    const context = made.context();
    return context === undefined ? data : stepFacts(step, data, { context, backend: world.backend.state });
  });
  const client = given.client ? makeClient(given, world) : undefined;
  const logger = makeLogger(given, recorder, client);
  const runtimeContext = new RuntimeContext({
    logger,
    ...(client && { client }),
    ...(given.job_id && { jobId: given.job_id }),
    ...(given.checkpoint && { checkpoint: world.fillIn(given.checkpoint) as JsonObject }),
  });
  const made = makeAction(given.action, { params: world.fillIn(given.params) as JsonObject, runtimeContext });
  const outcome = await outcomeOf(made);
  await logger.finish();
  const errors = made.context()?.errors ?? [];
  return { run: { ...outcome, ...(errors.length > 0 && { errors }) }, recorder };
}

/** Pauses before another try have no length here, as when the vectors were recorded. */
function makeClient({ backend_url: url }: UploadGiven, world: World): BackendClient {
  return new BackendClient({ host: url ?? world.backend.url, token: 'token-1', tenant: 'tenant-1', retryDelayMs: 0 });
}

function makeLogger({ logger: kind }: UploadGiven, recorder: RunRecorder, client?: BackendClient): BaseLogger {
  const logger = kind === 'job' ? jobReporter(client) : new RecordingLogger((entry) => recorder.note(entry));
  recorder.listenTo(logger);
  return logger;
}

/** Sends each entry at once. */
function jobReporter(client: BackendClient | undefined): JobReporter {
  if (client === undefined) throw new Error('The logger of a job needs a client, and the vector gives none.');
  return new JobReporter(client, JOB_ID, {
    logBatchSize: 1,
    progressFlushMs: 0,
    proportions: uploadProportions,
  });
}

async function outcomeOf({ run }: UploadRun): Promise<Pick<Observation, 'result' | 'raised'>> {
  try {
    return { result: toWireNames(await run()) as Observation['result'] };
  } catch (error) {
    return { raised: describeError(error) };
  }
}

/** The names of a result as the SDK has them. */
function toWireNames(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const named = Object.entries(result).map(([key, value]): [string, unknown] => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(named);
}

function describeError(error: unknown): Raised {
  if (InvalidParamsError.is(error)) {
    const problems = error.problems.map(({ path, code, message }) => ({
      field: path.join('.'),
      code: code ?? '',
      message,
    }));
    return { type: 'ValidationError', problems };
  }
  const type = SynapseStepsError.is(error) ? 'RuntimeError' : error instanceof Error ? error.name : 'Error';
  return { type, message: errorMessage(error) };
}
