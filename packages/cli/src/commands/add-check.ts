import type { Command } from 'commander';
import type { CheckPluginCommandOptions } from './check-plugin-command.js';

/** What the `check` commands do once the command line is read. */
export interface CheckActions {
  checkPlugin(options: CheckPluginCommandOptions): Promise<void>;
}

/** Adds `check plugin` to the program. */
export function addCheck(program: Command, actions: CheckActions): void {
  const check = program.command('check').summary('prove that a plugin keeps the step protocol');
  check
    .command('plugin')
    .summary('try a plugin by every clause of the protocol')
    .description(
      'Plays the host and judges all that a plugin answers. Its steps are really run, in this directory, with whatever they do.',
    )
    .usage('[options] -- <command...>')
    .option('--step <name>', 'the step that is run where any will do (default: the first one)')
    .option('--waiting-step <name>', 'one that runs until it is cancelled (default: conformance-waits)')
    .option('--saving-step <name>', 'one that saves undo data (default: conformance-saves-undo)')
    .option('--printing-step <name>', 'one that prints (default: conformance-prints)')
    .option('--context <json>', 'the context that the steps get (default: {})')
    .option('--param <name=value>', 'one param; JSON where it is JSON, text otherwise; may be repeated', collect)
    .option('--expect-fail <scenario>', 'a scenario that is known to fail; may be repeated', collect)
    .option('--transcript <file>', 'only hold it against this transcript or recording, whose calls are made again')
    .option('--patience <factor>', 'multiplies every time limit, for a machine that has a lot to do')
    .option('--record <file>', 'a new file for all that is said to the plugin and by it')
    .option('--json', 'print the report as one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CheckPluginCommandOptions) => await actions.checkPlugin(options));
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

const EXAMPLES = `
Examples:
  synapse-steps check plugin -- ./my-plugin --serve
  synapse-steps check plugin --context '{"value": 21}' -- bash plugin.sh
  synapse-steps check plugin --transcript run.ndjson -- ./my-plugin --serve
  synapse-steps check plugin --waiting-step train --saving-step train -- python3 plugin.py

Exit codes: 0 every clause is kept, 1 one is broken or could not be tried, 2 wrong use.`;
