import type { Command } from 'commander';
import type { ClearDatasetsOptions, DatasetsOptions } from './datasets-command.js';

/** What the `datasets` commands do once the command line is read. */
export interface DatasetsActions {
  datasets(options: DatasetsOptions): Promise<void>;
  clearDatasets(options: ClearDatasetsOptions): Promise<void>;
}

/** Adds `datasets` and `datasets clear` to the program. */
export function addDatasets(program: Command, actions: DatasetsActions): void {
  const datasets = program
    .command('datasets')
    .summary('show or remove the data sets that are kept')
    .description('Shows the data sets that trainings and downloads keep for the next one.')
    .enablePositionalOptions()
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DatasetsOptions) => await actions.datasets(options));
  datasets
    .command('clear')
    .summary('remove those that nobody uses')
    .description(
      'Removes data sets that nobody has asked for in a while, with their conversions; they are downloaded again when somebody does.',
    )
    .option('--unused-for <time>', 'how long, such as 12h or 30d; 0d removes all', '30d')
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', CLEAR_EXAMPLES)
    .action(
      async (options: ClearDatasetsOptions) =>
        await actions.clearDatasets({ ...datasets.opts<DatasetsOptions>(), ...options }),
    );
}

const EXAMPLES = `
Examples:
  synapse-steps datasets
  synapse-steps datasets --json
  synapse-steps datasets clear

They are kept in $XDG_CACHE_HOME/synapse-steps/datasets, or below ~/.cache without that variable.`;

const CLEAR_EXAMPLES = `
Examples:
  synapse-steps datasets clear
  synapse-steps datasets clear --unused-for 0d

A training may still read a data set that it asked for before: the time should be longer than trainings last.`;
