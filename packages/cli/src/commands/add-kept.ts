import type { Command } from 'commander';
import type { ClearKeptOptions, KeptOptions } from './kept-command.js';

/** The words of a command that shows what is kept, and of its `clear`. */
export interface KeptTexts {
  /** Of the command. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Stands below the examples. */
  readonly note: string;
  readonly clearDescription: string;
  readonly clearNote?: string;
}

/** What the commands do once the command line is read. */
export interface KeptActions {
  readonly show: (options: KeptOptions) => Promise<void>;
  readonly clear: (options: ClearKeptOptions) => Promise<void>;
}

/** Adds a command that shows what is kept, and its `clear`, to the program. */
export function addKept(program: Command, texts: KeptTexts, actions: KeptActions): void {
  const { name } = texts;
  const kept = program
    .command(name)
    .summary(texts.summary)
    .description(texts.description)
    .enablePositionalOptions()
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', examples([name, `${name} --json`, `${name} clear`], texts.note))
    .action(async (options: KeptOptions) => await actions.show(options));
  kept
    .command('clear')
    .summary('remove those that nobody uses')
    .description(texts.clearDescription)
    .option('--unused-for <time>', 'how long, such as 12h or 30d; 0d removes all', '30d')
    .option('--json', 'print one JSON object')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', examples([`${name} clear`, `${name} clear --unused-for 0d`], texts.clearNote))
    .action(async (options: ClearKeptOptions) => await actions.clear({ ...kept.opts<KeptOptions>(), ...options }));
}

function examples(calls: readonly string[], note: string | undefined): string {
  const lines = calls.map((call) => `  synapse-steps ${call}`);
  return ['', 'Examples:', ...lines, ...(note === undefined ? [] : ['', note])].join('\n');
}
