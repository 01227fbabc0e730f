import { BaseStep, StepResult } from '@synapse-steps/core';
import type { PenguinContext, Row } from '../context.js';
import { penguinSchema } from '../penguin.js';

const shown = 5;

/** Turns the rows of text into penguins, or says on which lines something cannot be right. */
export class ValidateStep extends BaseStep<PenguinContext> {
  readonly name = 'validate';
  readonly progressWeight = 0.05;

  execute(context: PenguinContext) {
    const problems = context.rows.flatMap(problemsOf);
    if (problems.length > 0) return StepResult.fail(describe(context.settings.csv, problems));
    context.penguins = context.rows.map(({ values }) => penguinSchema.parse(values));
    return StepResult.ok({ data: { penguins: context.penguins.length } });
  }
}

function problemsOf({ line, values }: Row): string[] {
  const issues = penguinSchema.safeParse(values).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const column = String(path[0]) as keyof Row['values'];
    return `line ${line}: ${column} is "${values[column]}", ${message}`;
  });
}

function describe(file: string, problems: readonly string[]): string {
  const more = problems.length > shown ? [`… and ${problems.length - shown} more`] : [];
  return [`${file} has values that no penguin has:`, ...problems.slice(0, shown), ...more].join('\n  ');
}
