import type { LineProblem } from '../framing/parse-frame.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { Fate } from './fate.js';
import type { RequestTable } from './request-table.js';
import { StrayLines, strayWarning } from './stray-lines.js';

/** Takes what a plugin prints to the call during which it came, or to the session's log. Nothing is dropped. */
export class PluginOutput {
  readonly stray: StrayLines;
  readonly #settings: ConnectionSettings;
  readonly #requests: RequestTable;
  readonly #fate: Fate;
  readonly #toldViolations = new Set<string>();

  constructor(settings: ConnectionSettings, requests: RequestTable, fate: Fate) {
    this.#settings = settings;
    this.#requests = requests;
    this.#fate = fate;
    this.stray = new StrayLines(settings.limits, settings.redact);
  }

  onStderr(lines: readonly string[]): void {
    this.#pass(lines, 'stderr');
  }

  /** A line on stdout that is no frame. */
  onStray(text: Buffer, problem: LineProblem): void {
    if (this.stray.total === 0) this.#warn(strayWarning(this.#settings.plugin, problem));
    this.stray.add(text);
    this.#pass([text.toString('utf8')], 'stdout');
    if (!this.stray.isFlood) return;
    this.#fate.seal({
      kind: 'malformed_flood',
      text: `flooded its stdout with ${this.stray.total} lines that are no messages and was ended; let it print to stderr`,
    });
  }

  /** Something that the protocol forbids but that harms nobody: told once per sort, never fatal. */
  onViolation(sort: string, text: string): void {
    if (this.#toldViolations.has(sort)) return;
    this.#toldViolations.add(sort);
    this.#warn(`Plugin '${this.#settings.plugin}' broke the protocol: ${text}.`);
  }

  /** The process was lost while nobody waited for it. */
  onIdleLoss(message: string): void {
    this.#warn(`${message}\nNo call was under way; it is started again for the next one.`);
  }

  #warn(message: string): void {
    this.#settings.log({ plugin: this.#settings.plugin, level: 'warning', message: this.#settings.redact(message) });
  }

  #pass(lines: readonly string[], source: 'stdout' | 'stderr'): void {
    const shown = lines.map(this.#settings.redact);
    const listener = this.#requests.current?.request.listener;
    if (listener !== undefined) {
      listener.onLines(shown, source);
      return;
    }
    for (const message of shown) this.#settings.log({ plugin: this.#settings.plugin, level: 'info', message, source });
  }
}
