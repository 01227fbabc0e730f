import type { Observation } from '../../actions/cases/compare-observation.js';
import { isNothing } from '../../actions/cases/compare-values.js';
import { runVector, type ActionKind } from '../../actions/run/run-action.js';
import { RunRecorder } from '../../actions/run/run-recorder.js';
import { World } from '../../actions/world/world.js';
import type { TrainVector } from '../cases/train-vector.js';
import { makeTrainAction, type TrainRun } from './make-train-action.js';
import { stepFacts, undoFacts } from './step-facts.js';

/** Runs the training that a vector describes over real HTTP; what came out of it, in the form of `expect`. */
export async function interpretTrain(vector: TrainVector): Promise<Observation> {
  await using world = await World.make(vector.given);
  const { kind, calls } = trainKind(vector, world);
  const observed = await runVector(vector, world, kind);
  return world.takeOut({ ...withValueApart(observed), execute_calls: calls() }) as Observation;
}

function trainKind({ given }: TrainVector, world: World): { kind: ActionKind; calls: () => TrainRun['calls'] } {
  let made: TrainRun | undefined;
  const kind: ActionKind = {
    recorder: new RunRecorder(stepFacts, undoFacts),
    make: (surroundings) => (made = makeTrainAction(given.action, world, surroundings)),
  };
  return { kind, calls: () => made?.calls ?? [] };
}

/** What `execute` returned is in the result of ours only; nothing, or a mapping of nothing, is no difference. */
function withValueApart({ result, ...observed }: Observation): Observation {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return { ...observed, result };
  const { value, ...rest } = result;
  return { ...observed, result: rest, ...(!isNothing(value) && { value }) };
}
