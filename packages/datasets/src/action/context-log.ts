import type { BaseStepContext } from '@synapse-steps/core';

import { datasetMessages } from '../dataset-messages.js';
import type { DatasetLog } from '../download/download-log.js';

export interface ContextLog {
  readonly log: Required<DatasetLog>;
  /** `phase` becomes the category of `percent`; `overall` is the step's own progress. */
  readonly onProgress: (progress: {
    readonly phase: string;
    readonly percent: number;
    readonly overall: number;
  }) => void;
}

/** What a download or a conversion says becomes what the running step says. */
export function contextLog(context: BaseStepContext): ContextLog {
  let [told, toldOverall] = ['', 0];
  return {
    log: {
      event: (name, data) => context.log(name, data),
      message: (code, values) => context.logMessage(datasetMessages.codes[code], { values: { ...values } }),
    },
    onProgress: ({ phase, percent, overall }) => {
      if (told !== `${phase} ${percent}`) context.setProgress(percent, 100, phase);
      told = `${phase} ${percent}`;
      if (overall > toldOverall) context.setProgress(overall, 100); // moves the run's
      toldOverall = Math.max(toldOverall, overall);
    },
  };
}
