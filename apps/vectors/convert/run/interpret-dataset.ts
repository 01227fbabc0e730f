import { join } from 'node:path';
import { DatasetAction } from '@synapse-steps/datasets';
import type { RequestRecord } from '../../actions/cases/action-vector.js';
import type { Observation } from '../../actions/cases/compare-observation.js';
import { runVector, type ActionKind } from '../../actions/run/run-action.js';
import { RunRecorder } from '../../actions/run/run-recorder.js';
import { World } from '../../actions/world/world.js';
import type { DatasetVector } from '../cases/convert-vector.js';
import { describeDatasetError } from './describe-dataset-error.js';

/** Runs the dataset action that a vector describes over real HTTP; what came out of it, in the form of `expect`. */
export async function interpretDataset(vector: DatasetVector): Promise<Observation> {
  await using world = await World.make(vector.given);
  const observed = await runVector(vector, world, datasetKind(world));
  return world.takeOut(asWhole(observed)) as Observation;
}

function datasetKind(world: World): ActionKind {
  return {
    recorder: new RunRecorder(
      (_step, data) => data,
      (_step, undo) => undo,
    ),
    describeError: describeDatasetError,
    make({ params, runtimeContext }) {
      const action = new (actionWith(join(world.temp, 'datasets')))(params, runtimeContext);
      return { run: () => action.run(), errors: () => [] };
    },
  };
}

function actionWith(cacheDir: string): typeof DatasetAction {
  return class extends DatasetAction {
    override get cacheDir(): string {
      return cacheDir;
    }
  };
}

/** Ours runs it as one step; the SDK without any. What is said of that step is not compared. */
function asWhole(observed: Observation): Observation {
  const logs = observed.logs?.map((line) =>
    Array.isArray(line) ? [null, ...line.slice(1)] : { ...line, step: null },
  ) as Observation['logs'];
  const requests = observed.requests.map(withoutStep);
  return { ...observed, steps: [], rolled_back: [], requests, ...(logs && { logs }) };
}

function withoutStep(request: RequestRecord): RequestRecord {
  if (request.path !== '/logs/' || typeof request.json !== 'object' || request.json === null) return request;
  const lines = (Array.isArray(request.json) ? request.json : [request.json]) as Record<string, never>[];
  return { ...request, json: lines.map(({ step: _, ...line }) => line) };
}
