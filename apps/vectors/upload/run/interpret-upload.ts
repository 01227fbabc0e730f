import type { Observation } from '../../actions/cases/compare-observation.js';
import { runVector, type ActionKind } from '../../actions/run/run-action.js';
import { RunRecorder } from '../../actions/run/run-recorder.js';
import { World } from '../../actions/world/world.js';
import type { UploadVector } from '../cases/upload-vector.js';
import { makeAction, type UploadRun } from './make-action.js';
import { stepFacts, undoFacts } from './step-facts.js';

/** Runs the upload that a vector describes over real HTTP; what came out of it, in the form of `expect`. */
export async function interpretUpload(vector: UploadVector): Promise<Observation> {
  await using world = await World.make(vector.given);
  return world.takeOut(await runVector(vector, world, uploadKind(vector, world))) as Observation;
}

function uploadKind({ given }: UploadVector, world: World): ActionKind {
  let made: UploadRun | undefined;
  const factsOf = (step: string, data: Readonly<Record<string, unknown>>): object => {
    const context = made?.context();
    return context === undefined ? data : stepFacts(step, data, { context, backend: world.backend.state });
  };
  return {
    recorder: new RunRecorder(factsOf, undoFacts),
    make: (surroundings) => (made = makeAction(given.action, surroundings)),
  };
}
