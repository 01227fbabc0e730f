import type { Command } from 'commander';
import type { BackendCommandOptions, BackendSeedCommandOptions } from './backend-command.js';

/** What the `backend` commands do once the command line is read. */
export interface BackendActions {
  backend(options: BackendCommandOptions): Promise<void>;
  backendSeed(file: string, options: BackendSeedCommandOptions): Promise<void>;
}

/** Adds `backend` and `backend seed` to the program. */
export function addBackend(program: Command, actions: BackendActions): void {
  const backend = program
    .command('backend')
    .summary('run the embedded backend')
    .description("Serves the Synapse backend's HTTP API on 127.0.0.1 over one folder, until Ctrl-C.")
    .enablePositionalOptions()
    .option('--dir <folder>', 'the folder that holds everything (default: .synapse-steps/backend)')
    .option('--port <number>', 'on 127.0.0.1; 0 takes any that is free (default: 8520)')
    .option('--with-token', 'let nobody in without the token that SYNAPSE_ACCESS_TOKEN holds')
    .option('--json', 'print one JSON object once it answers')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', EXAMPLES)
    .action(async (options: BackendCommandOptions) => await actions.backend(options));
  backend
    .command('seed')
    .summary('make collections, projects and datasets from a YAML file')
    .description(
      'Makes what a YAML file names, in the folder of a backend that is not running. What is there already stays.',
    )
    .argument('<file>', 'a YAML file, such as seed.yaml')
    .option('--dir <folder>', 'the folder of the backend (default: .synapse-steps/backend)')
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', SEED_EXAMPLES)
    .action(
      async (file: string, options: BackendSeedCommandOptions) =>
        await actions.backendSeed(file, { ...backend.opts<BackendSeedCommandOptions>(), ...options }),
    );
}

const EXAMPLES = `
Examples:
  synapse-steps backend
  synapse-steps backend --dir data/backend --port 0 --json
  SYNAPSE_ACCESS_TOKEN=… synapse-steps backend --with-token
  synapse-steps backend seed seed.yaml

Exit codes: 0 ended by Ctrl-C, 2 not started: the folder or the port is in use.`;

const SEED_EXAMPLES = `
Examples:
  synapse-steps backend seed seed.yaml
  synapse-steps backend seed seed.yaml --dir data/backend --json

A seed file:
  data_collections:
    - name: Digits
      file_specifications:
        - { name: image, file_type: image, is_required: true, is_primary: true, extensions: [png] }
  projects:
    - { name: Digits by hand, data_collection: Digits }

Exit codes: 0 everything is there, 2 nothing was made: the file is wrong, or the folder is in use.`;
