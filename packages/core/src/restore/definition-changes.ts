import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { StepOutline } from '../events/run-event.js';

/** Thrown when a run is to be resumed with other steps than it was started with; the message lists the differences. */
export class DefinitionChangedError extends SynapseStepsError {
  constructor(differences: readonly string[]) {
    super({
      code: 'definition_changed',
      message: `The workflow is not the one that was started: ${differences.join('; ')}. Bring the steps back, or resume with force.`,
      details: { differences: [...differences] },
      retryable: false,
    });
  }
}

/** What differs between the steps of then and now, as texts for people; empty when nothing does. */
export function definitionChanges(before: readonly StepOutline[], now: readonly StepOutline[], prefix = ''): string[] {
  const positions = new Map(now.map((step, index) => [step.name, index]));
  const gone = before.filter((step) => !positions.has(step.name)).map((step) => `'${prefix}${step.name}' is gone`);
  const known = new Set(before.map((step) => step.name));
  const added = now.filter((step) => !known.has(step.name)).map((step) => `'${prefix}${step.name}' is new`);
  const kept = before.filter((step) => positions.has(step.name));
  const moved = kept.filter((step, index) => {
    const previous = kept[index - 1];
    return previous !== undefined && (positions.get(previous.name) ?? 0) > (positions.get(step.name) ?? 0);
  });
  const changed = kept.flatMap((step) => {
    const counterpart = now[positions.get(step.name) ?? 0];
    if (counterpart === undefined) return [];
    const inside = definitionChanges(step.children ?? [], counterpart.children ?? [], `${prefix}${step.name}/`);
    if (counterpart.weight === step.weight) return inside;
    return [`the weight of '${prefix}${step.name}' was ${step.weight} and is ${counterpart.weight}`, ...inside];
  });
  return [...gone, ...added, ...moved.map((step) => `'${prefix}${step.name}' has another place`), ...changed];
}
