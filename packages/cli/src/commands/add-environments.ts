import type { Command } from 'commander';
import { addKept, type KeptTexts } from './add-kept.js';
import type { ClearKeptOptions, KeptOptions } from './kept-command.js';

/** What the `environments` commands do once the command line is read. */
export interface EnvironmentsActions {
  readonly environments: (options: KeptOptions) => Promise<void>;
  readonly clearEnvironments: (options: ClearKeptOptions) => Promise<void>;
}

/** Adds `environments` and `environments clear` to the program. */
export function addEnvironments(program: Command, actions: EnvironmentsActions): void {
  addKept(program, TEXTS, { show: actions.environments, clear: actions.clearEnvironments });
}

const TEXTS: KeptTexts = {
  name: 'environments',
  summary: 'show or remove the Python environments of plugins',
  description: 'Shows the Python environments that were made for the requirements of plugins.',
  note: 'They are kept in $XDG_CACHE_HOME/synapse-steps/python-environments, or below ~/.cache without that variable.',
  clearDescription:
    'Removes Python environments that no plugin has asked for in a while; they are made again when one does.',
};
