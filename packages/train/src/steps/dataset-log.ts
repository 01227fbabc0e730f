import type { JsonObject } from '@synapse-steps/core';
import { datasetMessages, type ConversionProgress, type DatasetMessage } from '@synapse-steps/datasets';

import type { TrainContext } from '../train-context.js';

/** What a download or a conversion says, said for the step that runs it. */
export function datasetLog(context: TrainContext) {
  return {
    event(name: string, data: JsonObject): void {
      context.log(name, data);
      const { split, count } = data;
      if (name === 'split_downloaded' && typeof split === 'string' && count === 0) warnOfEmpty(context, split);
    },
    message: (code: DatasetMessage, values: Readonly<Record<string, string | number>>): void =>
      context.logMessage(datasetMessages.codes[code], { values }),
  };
}

/** It is no failure, for data sets may have splits that nobody has filled; but a name may also be misspelt. */
function warnOfEmpty(context: TrainContext, split: string): void {
  context.logMessage(`The split '${split}' has no events. Check its name and its conditions.`, 'warning');
}

/** Tells how far a step is, in whole percents, each once. */
export function percentTeller(context: TrainContext): (percent: number) => void {
  let told = -1;
  return (percent) => {
    if (percent <= told) return;
    told = percent;
    context.setProgress(percent, 100);
  };
}

/** The same of a conversion. Where the data set is read twice, the first time is a third of the work. */
export function conversionTeller(context: TrainContext): (progress: ConversionProgress) => void {
  const tell = percentTeller(context);
  let share = 0;
  return ({ phase, pictures, total }) => {
    if (total === undefined || total === 0) return;
    if (phase === 'survey') share = 33;
    const part = Math.min(1, pictures / total);
    tell(Math.floor(phase === 'survey' ? part * share : share + part * (100 - share)));
  };
}
