import { encodeRequest } from '../exchange/encode-request.js';
import type { PackOptions } from '../exchange/pack-values.js';
import { FrameWriter } from '../framing/frame-writer.js';
import type { ManagedProcess } from '../process/index.js';
import type { ProcessRecording } from '../transcript/process-recording.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { Doom } from './loss-error.js';
import type { PendingRequest } from './pending-request.js';
import { unsentError } from './unsent-error.js';

/** What an outlet works on. */
export interface FrameOutletOptions {
  readonly settings: ConnectionSettings;
  readonly process: ManagedProcess;
  readonly recording: ProcessRecording | undefined;
  /** Whether the plugin has said that it takes large values as files. */
  readonly takesFiles: () => boolean;
  /** Hears that nothing more can be sent, which is mostly the first sign of an exit. */
  readonly onBroken: (doom: Doom) => void;
}

/** The host's half of the wire: everything that is written to a plugin's process goes through here. */
export class FrameOutlet {
  readonly #options: FrameOutletOptions;
  readonly #writer: FrameWriter;
  readonly #packing: PackOptions | undefined;

  constructor(options: FrameOutletOptions) {
    this.#options = options;
    this.#packing = packingOf(options.settings);
    this.#writer = new FrameWriter(options.process.stdin, options.settings.limits);
  }

  /** Sends a request; one that does not fit fails at once, and nothing of it was written. */
  request(pending: PendingRequest, params: Record<string, unknown>): void {
    const { method } = pending.request;
    try {
      const packing = this.#options.takesFiles() ? this.#packing : undefined;
      const said = CALLS.has(method) ? encodeRequest(params, packing) : params;
      this.#write({ jsonrpc: '2.0', id: pending.id, method, params: said });
    } catch (error) {
      pending.reject(unsentError(this.#options.settings.plugin, pending.request, error));
    }
  }

  /** Sends a notification, unless nobody is left to hear it. */
  notify(method: string, params: Record<string, unknown>): void {
    if (this.#options.process.stdin.destroyed) return;
    try {
      this.#write({ jsonrpc: '2.0', method, params });
    } catch (error) {
      const text = 'reads so slowly that nothing more could be sent to it, and was ended';
      this.#options.onBroken({ kind: 'queue_full', text, cause: error });
    }
  }

  #write(frame: Record<string, unknown>): void {
    this.#writer.write(frame, this.#onWritten);
    this.#options.recording?.hostWrites(frame);
  }

  /** A write fails when the process has died, which its exit explains better, or has closed its stdin. */
  readonly #onWritten = (error: Error | null | undefined): void => {
    if (!error) return;
    this.#options.onBroken({
      kind: 'write_failed',
      text: 'closed its stdin, so that nothing could be sent to it, and was ended',
      cause: error,
    });
  };
}

/** How large values are packed for a plugin that takes files; nothing where there is no folder for them. */
function packingOf({ exchange, limits }: ConnectionSettings): PackOptions | undefined {
  return exchange && { folder: exchange.folder, inlineBytes: limits.inlineBytes, maxDepth: limits.maxDepth };
}

/** The requests that carry values of the user. */
const CALLS: ReadonlySet<string> = new Set(['can_skip', 'execute', 'rollback']);
