import type { Command } from 'commander';
import type { ClearEnvironmentsOptions, EnvironmentsOptions } from './environments-command.js';

/** What the `environments` commands do once the command line is read. */
export interface EnvironmentsActions {
  environments(options: EnvironmentsOptions): Promise<void>;
  clearEnvironments(options: ClearEnvironmentsOptions): Promise<void>;
}

/** Adds `environments` and `environments clear` to the program. */
export function addEnvironments(program: Command, actions: EnvironmentsActions): void {
  const environments = program
    .command('environments')
    .summary('show or remove the Python environments of plugins')
    .description('Shows the Python environments that were made for the requirements of plugins.')
    .enablePositionalOptions()
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', EXAMPLES)
    .action(async (options: EnvironmentsOptions) => await actions.environments(options));
  environments
    .command('clear')
    .summary('remove those that nobody uses')
    .description(
      'Removes Python environments that no plugin has asked for in a while; they are made again when one does.',
    )
    .option('--unused-for <time>', 'how long, such as 12h or 30d; 0d removes all', '30d')
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', CLEAR_EXAMPLES)
    .action(
      async (options: ClearEnvironmentsOptions) =>
        await actions.clearEnvironments({ ...environments.opts<EnvironmentsOptions>(), ...options }),
    );
}

const EXAMPLES = `
Examples:
  synapse-steps environments
  synapse-steps environments --json
  synapse-steps environments clear

They are kept in $XDG_CACHE_HOME/synapse-steps/python-environments, or below ~/.cache without that variable.`;

const CLEAR_EXAMPLES = `
Examples:
  synapse-steps environments clear
  synapse-steps environments clear --unused-for 0d`;
