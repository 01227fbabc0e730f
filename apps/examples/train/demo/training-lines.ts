import { BaseLogger, type LogEntry, type StepEnding } from '@synapse-steps/core';
import type { Options } from './options.js';

/** Shows a training as it goes on: each step, what each epoch came to, and what else is worth a line. */
export class TrainingLines extends BaseLogger {
  readonly #keeps: boolean;

  /** Where pictures lie is told if they are kept. */
  constructor({ keeps }: Pick<Options, 'keeps'>) {
    super();
    this.#keeps = keeps;
  }

  protected override onStepEnd(step: string, ending: StepEnding): void {
    console.log(`  ${step} ${ending}`);
  }

  protected override write({ level, event, data, file }: LogEntry): void {
    if (event === 'metric') console.log(`    epoch ${String(data['value']).padStart(2)}: ${metricsIn(data)}`);
    else if (event === 'early_stop') console.log(`    enough: ${String(data['reason'])}`);
    else if (event === 'visualization' && this.#keeps) console.log(`    a picture of it: ${file}`);
    else if (event === 'message' && level !== 'debug') console.log(`    ${String(data['content'])}`);
  }
}

function metricsIn({ metrics }: Readonly<Record<string, unknown>>): string {
  return Object.entries(metrics as Readonly<Record<string, number>>)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value.toFixed(3)}`)
    .join(', ');
}
