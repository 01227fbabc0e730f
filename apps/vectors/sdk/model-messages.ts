import messageCodes from './message-codes.json' with { type: 'json' };
import { formatTemplate } from '@synapse-steps/core';
import { asObject, asText } from '../cases/only-item.js';
import type { Json } from '../cases/vector-file.js';
import { checkLevel } from './model-logger.js';
import { PythonError } from './python-error.js';
import { pythonFormat, templateProblem } from './python-text.js';
import type { World } from './world.js';

type Texts = Record<string, string>;

export interface ModelMessage {
  readonly level: string;
  readonly data: Record<string, Json>;
}

/** `log_message`: a text, translations of it, or a code; in one language, with its values. */
export function modelMessage(given: Record<string, Json>, language: string, world: World): ModelMessage {
  const { code, localized, text, values } = given;
  const level = levelOf(given, world);
  if (code !== undefined) return codeMessage(asText(code), { language, values: asObject(values ?? {}), world });
  const template = translated((localized ?? text) as string | Texts, language);
  const filled = values === undefined || Object.keys(asObject(values)).length === 0;
  return { level, data: { content: filled ? template : textMessage(template, asObject(values), world) } };
}

function levelOf({ level = 'info', context }: Record<string, Json>, world: World): string {
  if (context !== undefined && !world.differs('one-word-for-level')) {
    world.warnings.push(['DeprecationWarning', "The 'context' parameter is deprecated. Use 'level' instead."]);
  }
  const word = asText(context ?? level);
  checkLevel(word, world);
  return word;
}

function codeMessage(
  code: string,
  { language, values, world }: { language: string; values: Record<string, Json>; world: World },
): ModelMessage {
  const { level, text } = (messageCodes as Record<string, { level: string; text: Texts }>)[code] ?? missingCode(code);
  const template = translated(text, language);
  if (world.differs('templates-stay'))
    return { level, data: { content: formatTemplate(template, printed(values, world)), key: code } };
  const content = templateProblem(template, values) ? template : pythonFormat(template, values);
  return { level, data: { content, key: code } };
}

function textMessage(template: string, values: Record<string, Json>, world: World): string {
  if (world.differs('templates-stay')) return formatTemplate(template, printed(values, world));
  const problem = templateProblem(template, values);
  if (problem) throw new PythonError(problem.type, problem.text);
  return pythonFormat(template, values);
}

/** Values as they are printed: by JavaScript, or by Python. */
function printed(values: Record<string, Json>, world: World): Record<string, unknown> {
  if (world.differs('js-texts')) return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : pythonFormat(`{v}`, { v: value }),
    ]),
  );
}

function translated(text: string | Texts, language: string): string {
  return typeof text === 'string' ? text : (text[language] ?? text['en'] ?? '');
}

function missingCode(code: string): never {
  throw new Error(`There is no message code '${code}'.`);
}
