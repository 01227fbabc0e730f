import type { z } from 'zod';
import { decodeAnswer } from '../exchange/decode-answer.js';
import { ExchangeFolder } from '../exchange/exchange-folder.js';
import { useExchangePath } from '../exchange/host-exchange.js';
import { packValues } from '../exchange/pack-values.js';
import { DEFAULT_WIRE_LIMITS } from '../protocol/limits.js';
import type { REQUESTS } from '../protocol/methods.js';

/** A Node plugin's way with large values: files of the host's exchange folder, where it names one. */
export class ServedExchange {
  #folder: ExchangeFolder | undefined;
  #inlineBytes: number = DEFAULT_WIRE_LIMITS.inline_bytes;
  #maxFileBytes: number = DEFAULT_WIRE_LIMITS.max_file_bytes;
  #maxDepth: number = DEFAULT_WIRE_LIMITS.max_depth;

  /** Takes over what the host says in `initialize`. */
  open({ exchange_dir: path, session, limits }: z.output<typeof REQUESTS.initialize.params>): void {
    this.#folder = path === null ? undefined : new ExchangeFolder(path, session);
    useExchangePath(path ?? undefined);
    this.#inlineBytes = limits.inline_bytes;
    this.#maxFileBytes = limits.max_file_bytes ?? this.#maxFileBytes;
    this.#maxDepth = limits.max_depth;
  }

  /** What is said, with its large values in files. @throws ExchangeWriteError */
  pack(said: Record<string, unknown>): Record<string, unknown> {
    if (this.#folder === undefined) return said;
    return packValues(said, { folder: this.#folder, inlineBytes: this.#inlineBytes, maxDepth: this.#maxDepth });
  }

  /** The params of a request with the values that its tags and files stand for. @throws BadFileError, UnserialisableValueError */
  decode(params: Record<string, unknown>): Record<string, unknown> {
    const options = { folder: this.#folder, left: { bytes: this.#maxFileBytes }, maxDepth: this.#maxDepth };
    const decoded = decodeAnswer(params, options);
    const { result } = decoded;
    if (typeof result !== 'object' || result === null) return decoded;
    return { ...decoded, result: decodeAnswer({ ...result }, options) };
  }
}
