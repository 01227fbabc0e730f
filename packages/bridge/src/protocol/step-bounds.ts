import type { StepDescription } from './describe.js';

/** What a step may ask of a host in its description. Times are milliseconds, sizes bytes. */
export interface StepBounds {
  /** From a cancel to the end of its process, at most. */
  readonly maxCancelGraceMs: number;
  /** How long it may be silent at least before it counts as hung. */
  readonly minHangTimeoutMs: number;
  /** The JSON Schema of its params. */
  readonly maxSchemaBytes: number;
}

/** The bounds of DE-5 and DE-6. */
export const STEP_BOUNDS: StepBounds = {
  maxCancelGraceMs: 600_000,
  minHangTimeoutMs: 30_000,
  maxSchemaBytes: 256 * 1024,
};

/** Something that a step may not ask for, by the clause that says so; the text follows the name of the step. */
export interface StepExcess {
  readonly clause: 'DE-5' | 'DE-6';
  readonly text: string;
}

/** What a step asks for beyond its bounds. */
export function stepExcesses(step: StepDescription, bounds: StepBounds = STEP_BOUNDS): StepExcess[] {
  const texts = { 'DE-5': schemaProblems(step, bounds), 'DE-6': timeProblems(step, bounds) };
  return (['DE-5', 'DE-6'] as const).flatMap((clause) => texts[clause].map((text) => ({ clause, text })));
}

function timeProblems(
  { cancel_grace_ms: grace, hang_timeout_ms: hang }: StepDescription,
  bounds: StepBounds,
): string[] {
  const { maxCancelGraceMs: longest, minHangTimeoutMs: shortest } = bounds;
  const problems: string[] = [];
  if (grace !== null && grace > longest)
    problems.push(
      `asks for a cancel_grace_ms of ${grace}; let it stop within ${longest}, so that a cancel comes to an end`,
    );
  if (hang !== null && hang > 0 && hang < shortest)
    problems.push(
      `asks for a hang_timeout_ms of ${hang}; give it ${shortest} or more, as a busy machine is silent for long, or 0 for no limit`,
    );
  return problems;
}

function schemaProblems({ step_params: schema }: StepDescription, { maxSchemaBytes }: StepBounds): string[] {
  if (schema === null) return [];
  const size = Buffer.byteLength(JSON.stringify(schema));
  if (size > maxSchemaBytes)
    return [
      `has a schema of ${size} bytes in step_params; ${maxSchemaBytes} are allowed, so say less about its params`,
    ];
  const remote = remoteReference(schema);
  return remote === undefined
    ? []
    : [
        `refers to ${JSON.stringify(remote.slice(0, SHOWN))} in step_params; nothing is fetched, so put it into the schema itself and refer to it by '#…'`,
      ];
}

const SHOWN = 200;

/** A reference out of the schema; what is only data in it refers to nothing. */
function remoteReference(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue;
    const isReference = REFERENCES.has(keyword) && typeof value === 'string';
    const found = isReference && !value.startsWith('#') ? value : remoteReference(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

const REFERENCES: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef']);
const DATA: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);
