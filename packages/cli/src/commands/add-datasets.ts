import type { Command } from 'commander';
import { addKept, type KeptTexts } from './add-kept.js';
import type { ClearKeptOptions, KeptOptions } from './kept-command.js';

/** What the `datasets` commands do once the command line is read. */
export interface DatasetsActions {
  readonly datasets: (options: KeptOptions) => Promise<void>;
  readonly clearDatasets: (options: ClearKeptOptions) => Promise<void>;
}

/** Adds `datasets` and `datasets clear` to the program. */
export function addDatasets(program: Command, { datasets, clearDatasets }: DatasetsActions): void {
  addKept(program, TEXTS, { show: datasets, clear: clearDatasets });
}

const TEXTS: KeptTexts = {
  name: 'datasets',
  summary: 'show or remove the data sets that are kept',
  description: 'Shows the data sets that trainings and downloads keep for the next one.',
  note: 'They are kept in $XDG_CACHE_HOME/synapse-steps/datasets, or below ~/.cache without that variable.',
  clearDescription:
    'Removes data sets that nobody has asked for in a while, with their conversions; they are downloaded again when somebody does.',
  clearNote:
    'A training may still read a data set that it asked for before: the time should be longer than trainings last.',
};
