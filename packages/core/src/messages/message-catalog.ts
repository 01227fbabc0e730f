import { checkLevel } from '../loggers/log-entry.js';
import { StepUsageError } from '../step/step-error.js';
import type { LogLevel } from '../events/run-event.js';

/** A text in several languages, by their codes: `{ en: 'done', ko: '끝' }`. */
export type Translations = Readonly<Record<string, string>>;

/** What a message code stands for. */
export interface MessageDefinition {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** A template, or one for each language. */
  readonly text: string | Translations;
}

const BRAND = Symbol.for('synapse-steps.message-code');

/** A message with a name of its own: programs know it by `key`, people read its text. */
export class MessageCode {
  readonly key: string;
  readonly level: LogLevel;
  readonly text: string | Translations;
  /** @internal */
  readonly [BRAND] = true;

  constructor(key: string, definition: MessageDefinition) {
    this.key = key;
    this.level = definition.level ?? 'info';
    this.text = definition.text;
    checkLevel(this.level);
  }

  static is(value: unknown): value is MessageCode {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/**
 * Message codes by key. A package extends the codes of core with its own; the result is another catalog, so that nothing
 * depends on which package was loaded first.
 *
 * @example
 * const messages = coreMessages.extend({ FILES_UPLOADING: { text: 'Uploading {count} files' } });
 * context.logMessage(messages.codes.FILES_UPLOADING, { values: { count: 3 } });
 */
export class MessageCatalog<TKey extends string = string> {
  readonly codes: Readonly<Record<TKey, MessageCode>>;

  constructor(definitions: Readonly<Record<TKey, MessageDefinition>>) {
    const entries = Object.entries<MessageDefinition>(definitions);
    this.codes = Object.fromEntries(
      entries.map(([key, definition]) => [key, new MessageCode(key, definition)]),
    ) as Record<TKey, MessageCode>;
  }

  /** These codes and those. @throws StepUsageError for a key that is taken. */
  extend<TMore extends string>(definitions: Readonly<Record<TMore, MessageDefinition>>): MessageCatalog<TKey | TMore> {
    const taken = Object.keys(definitions).find((key) => Object.hasOwn(this.codes, key));
    if (taken !== undefined) {
      throw new StepUsageError(
        'invalid_message',
        `The message code '${taken}' is defined already. Choose another key.`,
      );
    }
    return new MessageCatalog<TKey | TMore>({ ...this.codes, ...definitions });
  }

  /** The code of a key that came as text, if there is one. */
  find(key: string): MessageCode | undefined {
    return Object.hasOwn(this.codes, key) ? this.codes[key as TKey] : undefined;
  }
}

/** The codes that every run may use. */
export const coreMessages = new MessageCatalog({
  PLUGIN_RUN_COMPLETE: { text: { en: 'Plugin run is complete.', ko: '플러그인 실행이 완료되었습니다.' } },
});
