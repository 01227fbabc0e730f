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
import type { ActionVector, Expectation, Raised, RequestRecord, RunGiven } from '../cases/action-vector.js';
import type { Observation } from '../cases/compare-observation.js';
import { readTree } from '../world/file-tree.js';
import type { World } from '../world/world.js';
import { briefLog, briefStep } from './brief.js';
import { RecordingLogger } from './recording-logger.js';
import { orderRequests } from './request-order.js';
import type { RunRecorder } from './run-recorder.js';

const JOB_ID = '42';

/** An action that is made and waits to be run. */
export interface MadeAction {
  readonly run: () => Promise<unknown>;
  /** What could not be undone, once there was a run. */
  readonly errors: () => readonly string[];
}

export interface Surroundings {
  readonly params: JsonObject;
  readonly runtimeContext: RuntimeContext;
}

export interface ActionKind {
  readonly recorder: RunRecorder;
  readonly make: (surroundings: Surroundings) => MadeAction;
  /** What Python has for an error. Default: {@link describeError}. */
  readonly describeError?: (error: unknown) => Raised;
}

/** Runs the action that a vector describes over real HTTP; what came out of it, in the form of `expect`. */
export async function runVector({ given, detail }: ActionVector, world: World, kind: ActionKind): Promise<Observation> {
  const run = await runAction(given, world, kind);
  const { steps, logs, rolled_back, progress, metrics } = kind.recorder;
  const isFull = detail === 'full';
  const lines = (isFull ? logs : logs.map(briefLog)) as Observation['logs'];
  const told = given.logger === 'job' ? {} : { progress, metrics, logs: lines };
  return {
    ...run,
    steps: isFull ? steps : steps.map(briefStep),
    rolled_back,
    requests: orderRequests(world.backend.requests as unknown as RequestRecord[]),
    backend_after: world.left() as Observation['backend_after'],
    ...told,
    ...(given.read_back !== undefined && { files: (await readTree(join(world.root, given.read_back))) as never }),
  };
}

async function runAction(
  given: RunGiven,
  world: World,
  { recorder, make, describeError: describe = describeError }: ActionKind,
): Promise<Pick<Observation, 'result' | 'raised' | 'errors'>> {
  const client = given.client ? makeClient(given, world) : undefined;
  const logger = given.logger === 'job' ? jobReporter(client) : recordingLogger(recorder);
  recorder.listenTo(logger);
  const runtimeContext = new RuntimeContext({
    logger,
    ...(client && { client }),
    ...(given.job_id && { jobId: given.job_id }),
    ...(given.checkpoint && { checkpoint: world.fillIn(given.checkpoint) as JsonObject }),
  });
  const made = make({ params: world.fillIn(given.params) as JsonObject, runtimeContext });
  const outcome = await outcomeOf(made, describe);
  await logger.finish();
  const errors = made.errors();
  return { ...outcome, ...(errors.length > 0 && { errors: [...errors] }) };
}

/** Pauses before another try have no length here, as when the vectors were recorded. */
function makeClient({ backend_url: url }: RunGiven, world: World): BackendClient {
  return new BackendClient({ host: url ?? world.backend.url, token: 'token-1', tenant: 'tenant-1', retryDelayMs: 0 });
}

function recordingLogger(recorder: RunRecorder): BaseLogger {
  return new RecordingLogger((entry) => recorder.note(entry));
}

/** Sends each entry at once. */
function jobReporter(client: BackendClient | undefined): JobReporter {
  if (client === undefined) throw new Error('The logger of a job needs a client, and the vector gives none.');
  return new JobReporter(client, JOB_ID, { logBatchSize: 1, progressFlushMs: 0 });
}

async function outcomeOf(
  { run }: MadeAction,
  describe: (error: unknown) => Raised,
): Promise<Pick<Observation, 'result' | 'raised'>> {
  try {
    return { result: toWireNames(await run()) as Expectation['result'] };
  } catch (error) {
    return { raised: describe(error) };
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

export function describeError(error: unknown): Raised {
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
