import { asPercent, confusionTable } from './confusion-table.js';
import type { Evaluation, Model } from './model.js';

/** What `model.json` holds: all that is needed to use the model, and to know how it came to be. */
export interface RegisteredModel {
  readonly version: string;
  readonly params: object;
  readonly features: readonly string[];
  readonly model: Model;
  readonly evaluation: Evaluation;
}

/** A page for people who want to know what the model is and how far to trust it. */
export function modelCard({ version, params, features, model, evaluation }: RegisteredModel): string {
  return `# Penguin classifier ${version}

Tells ${model.classes.join(', ')} apart by ${features.join(', ')}: a multinomial logistic regression over standardised features.

Accuracy on penguins that it was not trained on: ${asPercent(evaluation.accuracy)}. Rows are the truth, columns what the model says:

${confusionTable(evaluation)
  .map((line) => `    ${line.trimEnd()}`)
  .join('\n')}

Trained with ${JSON.stringify(params)}.

Data: Palmer penguins (Horst, Hill and Gorman 2020), CC0.
`;
}
