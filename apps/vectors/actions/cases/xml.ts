/** An element of a simple document: no attributes, no namespaces, text or children. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const PIECE = /<(\/?)([\w.-]+)[^>]*?(\/?)>|([^<]+)/g;

/** The root of a document; undefined when it is not well-formed. */
export function parseXml(source: string): XmlElement | undefined {
  const root = { name: '', text: '', children: [] as XmlElement[] };
  const open = [root];
  for (const [, closes, name = '', isEmpty, text = ''] of source.replaceAll(/<[?!][^>]*>/g, '').matchAll(PIECE)) {
    const current = open.at(-1);
    if (current === undefined) return undefined;
    if (name === '') current.text += unescape(text);
    else if (closes === '/') {
      if (open.pop()?.name !== name) return undefined;
    } else {
      const element = { name, text: '', children: [] };
      current.children.push(element);
      if (isEmpty !== '/') open.push(element);
    }
  }
  return open.length === 1 ? root.children[0] : undefined;
}

export function textIn({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text.trim();
}

function unescape(text: string): string {
  return text.replaceAll(/&(\w+|#\d+);/g, (whole, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (ENTITIES[name] ?? whole),
  );
}
