import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addBackend, type BackendActions } from './commands/add-backend.js';
import { addCheck, type CheckActions } from './commands/add-check.js';
import { addConvert, type ConvertActions } from './commands/add-convert.js';
import { addDatasets, type DatasetsActions } from './commands/add-datasets.js';
import { addEnvironments, type EnvironmentsActions } from './commands/add-environments.js';
import type { RunCommandOptions } from './commands/run-command.js';
import type { DescribeCommandOptions } from './commands/describe-command.js';
import { EXIT } from './exit-codes.js';
import { reportError } from './report-error.js';

/**
 * Reads the command line and does what it says; what a command needs is loaded only then, so that help and mistakes cost
 * nothing. Resolves to the exit code.
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.succeeded;
  const [ours, pluginCommand] = splitAtDashes(args);
  const program = makeProgram({
    run: async (target, options) => {
      const { runCommand } = await import('./commands/run-command.js');
      exitCode = await runCommand(target, options);
    },
    describe: async (target, options) => {
      const { describeCommand } = await import('./commands/describe-command.js');
      exitCode = await describeCommand({ target, pluginCommand }, options);
    },
    checkPlugin: async (options) => {
      const { checkPluginCommand } = await import('./commands/check-plugin-command.js');
      exitCode = await checkPluginCommand(pluginCommand, options);
    },
    backend: async (options) => {
      const { backendCommand } = await import('./commands/backend-command.js');
      exitCode = await backendCommand(options);
    },
    backendSeed: async (file, options) => {
      const { backendSeedCommand } = await import('./commands/backend-command.js');
      exitCode = await backendSeedCommand(file, options);
    },
    convert: async (input, output, options) => {
      const { convertCommand } = await import('./commands/convert-command.js');
      exitCode = await convertCommand(input, output, options);
    },
    datasets: async (options) => {
      const { datasetsCommand } = await import('./commands/datasets-command.js');
      exitCode = await datasetsCommand(options);
    },
    clearDatasets: async (options) => {
      const { clearDatasetsCommand } = await import('./commands/datasets-command.js');
      exitCode = await clearDatasetsCommand(options);
    },
    environments: async (options) => {
      const { environmentsCommand } = await import('./commands/environments-command.js');
      exitCode = await environmentsCommand(options);
    },
    clearEnvironments: async (options) => {
      const { clearEnvironmentsCommand } = await import('./commands/environments-command.js');
      exitCode = await clearEnvironmentsCommand(options);
    },
  });
  try {
    await program.parseAsync(ours, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.wrongUse;
    return reportError(error, { debug: args.includes('--debug') });
  }
}

/** What follows `--` is the command of a plugin, and none of our options. */
function splitAtDashes(args: readonly string[]): [string[], string[] | undefined] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? [[...args], undefined] : [args.slice(0, dashes), args.slice(dashes + 1)];
}

interface Actions extends CheckActions, BackendActions, ConvertActions, DatasetsActions, EnvironmentsActions {
  run(target: string, options: RunCommandOptions): Promise<void>;
  describe(target: string | undefined, options: DescribeCommandOptions): Promise<void>;
}

function makeProgram(actions: Actions): Command {
  const program = new Command('synapse-steps')
    .description('Runs workflows whose steps are written in TypeScript, Python or any other language.')
    .version(ownVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText('after', PROGRAM_EXAMPLES);
  addRun(program, actions);
  addDescribe(program, actions);
  addCheck(program, actions);
  addBackend(program, actions);
  addConvert(program, actions);
  addDatasets(program, actions);
  addEnvironments(program, actions);
  return program;
}

function addRun(program: Command, actions: Actions): void {
  program
    .command('run')
    .summary('run a workflow or an action')
    .description('Runs a workflow file or an action, shows its progress, and undoes what was done when a step fails.')
    .argument('<target>', 'a workflow file, such as workflow.yaml, or what a file exports, such as upload.ts#Upload')
    .option('--param <name=value>', 'one param; JSON where it is JSON, text otherwise; may be repeated', collect)
    .option('--params <file>', 'params from a YAML or JSON file')
    .option('--json', 'print run events to stdout, one JSON object a line')
    .option('--quiet', 'print nothing unless something goes wrong')
    .option('--run-id <id>', 'the id of the run (default: a new one)')
    .option('--backend <which>', "'local': the embedded backend, in this process (default: what SYNAPSE_HOST says)")
    .option('--backend-dir <folder>', 'the folder of the embedded backend (default: .synapse-steps/backend)')
    .option('--record <file>', 'a new file for all that is said to plugins and by them, without secrets')
    .option('--debug', 'no time limits, and stacks with errors: room for a debugger')
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (target: string, options: RunCommandOptions) => await actions.run(target, options));
}

function addDescribe(program: Command, actions: Actions): void {
  program
    .command('describe')
    .summary('show the steps of a workflow, an action or a plugin')
    .description('Shows steps, weights, params and what can be undone. Starts plugins, runs nothing.')
    .usage('[options] <target> | -- <command...>')
    .argument(
      '[target]',
      'a workflow file, such as workflow.yaml, what a file exports, such as upload.ts#Upload, or a Python plugin, such as plugins/train.py',
    )
    .option('--param <name=value>', 'one param, where the steps of an action depend on it; may be repeated', collect)
    .option('--params <file>', 'params from a YAML or JSON file')
    .option('--json', 'print one JSON object')
    .option('--record <file>', 'a new file for all that is said to plugins and by them, without secrets')
    .option('--debug', 'no time limits, and stacks with errors')
    .addHelpText('after', DESCRIBE_EXAMPLES)
    .action(
      async (target: string | undefined, options: DescribeCommandOptions) => await actions.describe(target, options),
    );
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

const PROGRAM_EXAMPLES = `
Examples:
  synapse-steps describe workflow.yaml
  synapse-steps run workflow.yaml --param epochs=300

Exit codes: 0 succeeded, 1 failed and everything was undone, 2 wrong use and nothing was started,
3 something could not be undone, or was kept, 130 cancelled and undone.`;

const RUN_EXAMPLES = `
Examples:
  synapse-steps run workflow.yaml
  synapse-steps run workflow.yaml --param epochs=300 --param name=night
  synapse-steps run upload.ts#Upload --param path=pictures
  synapse-steps run upload.ts#Upload --param path=pictures --backend local
  synapse-steps run workflow.yaml --params night.yaml --json | jq -c 'select(.type == "step-end")'

Ctrl-C cancels the run and undoes what was done; a second one says what is happening, a third gives up,
a fourth ends the process as it is.`;

const DESCRIBE_EXAMPLES = `
Examples:
  synapse-steps describe workflow.yaml
  synapse-steps describe --json workflow.yaml
  synapse-steps describe -- ./my-plugin --serve
  synapse-steps describe plugins/train.py
  synapse-steps describe upload.ts#Upload`;
