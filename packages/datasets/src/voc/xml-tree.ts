import sax, { type SAXParser } from 'sax';

/** An element with what is in it; attributes and comments are not kept. */
export interface XmlElement {
  readonly name: string;
  /** All text directly in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What makes a text no XML that is read here. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** Nobody nests a picture's objects deeper; without a bound a small file could make a tree that no call stack holds. */
const DEEPEST = 32;

/**
 * Parses a small XML text into a tree. A document type is refused, and with it all entities of its own: they are a way to make
 * a small file large, or to have other files read.
 *
 * @throws XmlError
 */
export function parseXmlTree(text: string): XmlElement {
  const open: OpenElement[] = [{ name: '', text: '', children: [] }];
  const parser = parserFor(open);
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof XmlError) throw error;
    throw new XmlError(firstLine(error), { cause: error });
  }
  const root = open[0]?.children[0];
  if (root === undefined) throw new XmlError('it has no element');
  return root;
}

function parserFor(open: OpenElement[]): SAXParser {
  const parser = sax.parser(true);
  const addText = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.onopentag = ({ name }) => {
    if (open.length > DEEPEST) throw new XmlError(`elements are nested deeper than ${DEEPEST}`);
    const element = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.ondoctype = () => {
    throw new XmlError('it declares a document type');
  };
  parser.onerror = (error) => {
    throw error;
  };
  return parser;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n(?:Line|Column|Char): /gu, ', ').split('\n')[0] ?? message;
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the first child of that name; none when it is empty. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text;
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The number in the first child of that name; none when that is no finite number. */
export function numberOf(element: XmlElement | undefined, name: string): number | undefined {
  const text = textOf(element, name)?.trim();
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}
