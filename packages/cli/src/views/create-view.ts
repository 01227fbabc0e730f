import type { Output } from '../output/output.js';
import { JsonView } from './json-view.js';
import { PlainView } from './plain-view.js';
import { QuietView } from './quiet-view.js';
import type { View } from './view.js';

export interface ViewOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The view that suits the options and whoever reads stdout. */
export async function createView({ json, quiet }: ViewOptions, output: Output): Promise<View> {
  if (json) {
    output.keepStdout();
    return new JsonView(output);
  }
  if (quiet) return new QuietView(output);
  if (!process.stdout.isTTY || process.env['TERM'] === 'dumb') return new PlainView(output);
  const { TerminalView } = await import('./terminal-view.js');
  return new TerminalView(output);
}
