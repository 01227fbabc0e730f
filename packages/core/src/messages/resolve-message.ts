import type { LogLevel } from '../events/run-event.js';
import { checkLevel } from '../loggers/log-entry.js';
import { formatTemplate, type TemplateValues } from './format-template.js';
import { MessageCode, type Translations } from './message-catalog.js';

/** A text, the same text in several languages, or a code that stands for one. */
export type Message = string | Translations | MessageCode;

export interface MessageOptions {
  /** Default `info`. A code has its own level, which counts. */
  readonly level?: LogLevel | undefined;
  /** Default: the language of the runtime context. */
  readonly language?: string | undefined;
  /** Fill the placeholders `{name}` of the text. A text without any values is written as it is. */
  readonly values?: TemplateValues | undefined;
}

export interface ResolvedMessage {
  readonly level: LogLevel;
  readonly message: string;
  /** The key of the code, if the message was one. */
  readonly code?: string;
}

/** A message in one language, with its values filled in. @throws StepUsageError for an unknown level. */
export function resolveMessage(
  message: Message,
  options: MessageOptions & { readonly language: string },
): ResolvedMessage {
  const { level = 'info', language, values = {} } = options;
  checkLevel(level);
  if (MessageCode.is(message)) {
    return {
      level: message.level,
      message: formatTemplate(translate(message.text, language), values),
      code: message.key,
    };
  }
  const text = translate(message, language);
  return { level, message: Object.keys(values).length > 0 ? formatTemplate(text, values) : text };
}

/** English where there is no such translation; nothing where there is no English either. */
function translate(text: string | Translations, language: string): string {
  if (typeof text === 'string') return text;
  if (Object.hasOwn(text, language)) return text[language] ?? '';
  return Object.hasOwn(text, 'en') ? (text['en'] ?? '') : '';
}
