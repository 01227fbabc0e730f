import { fileURLToPath } from 'node:url';

/** A line as the installer sees it: continued ones joined, without its comment. */
export interface RequirementLine {
  readonly text: string;
  /** Where it begins, from 1. */
  readonly number: number;
}

/** The lines of a requirements file that say something. */
export function requirementLines(text: string): RequirementLine[] {
  const lines: RequirementLine[] = [];
  let open: RequirementLine | undefined;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const begun: RequirementLine = open ?? { text: '', number: index + 1 };
    const isContinued = raw.endsWith('\\') && !/^\s*#/.test(raw);
    const line = { text: begun.text + (isContinued ? raw.slice(0, -1) : raw), number: begun.number };
    open = isContinued ? line : undefined;
    if (!isContinued) lines.push(line);
  }
  if (open !== undefined) lines.push(open);
  return lines
    .map((line) => ({ ...line, text: line.text.replace(/(?:^|\s+)#.*$/, '').trim() }))
    .filter((line) => line.text !== '');
}

/** What else a line leads to on this machine. */
export type RequirementReference =
  | { readonly kind: 'include'; readonly path: string }
  | {
      readonly kind: 'path';
      readonly path: string;
      /** Its code is used where it lies. */ readonly isEditable: boolean;
    };

/** Another requirements or constraints file, or a package that lies here; undefined for all else. */
export function parseRequirementLine(text: string): RequirementReference | undefined {
  const [, included] = INCLUDE.exec(text) ?? [];
  if (included !== undefined) return includeOf(unquoted(included));
  const [, editable] = EDITABLE.exec(text) ?? [];
  if (editable === undefined && text.startsWith('-')) return undefined;
  const path = localPath(editable ?? text, editable !== undefined);
  return path === undefined ? undefined : { kind: 'path', path, isEditable: editable !== undefined };
}

function includeOf(named: string): RequirementReference | undefined {
  if (isUrl(named)) return undefined;
  const path = named.startsWith('file:') ? pathOfUrl(named) : named;
  return path === undefined ? undefined : { kind: 'include', path };
}

const INCLUDE = /^(?:-[rc]\s*|--(?:requirement|constraint)[\s=]\s*)(\S.*)$/;
const EDITABLE = /^(?:-e\s*|--editable[\s=]\s*)(\S.*)$/;

function localPath(text: string, isEditable: boolean): string | undefined {
  const [, direct] = /^[\w.-]+(?:\s*\[[^\]]*\])?\s*@\s*(\S.*)$/.exec(text) ?? []; // as in `name @ file:///folder`
  const [target = ''] = unquoted(direct ?? text).split(/\s*;|\s+--/);
  if (target.startsWith('file:')) return pathOfUrl(target.replace(/#.*$/, ''));
  const path = unquoted(target.replace(/\[[^\]]*\]$/, '')); // without the extras
  if (isUrl(path)) return undefined;
  if (isEditable || /^\.{0,2}\//.test(path)) return path; // which may hold spaces
  if (/[<>=~!]=|\s/.test(path)) return undefined;
  const isPath = path.startsWith('.') || path.includes('/') || /\.(?:whl|zip|tar\.gz|tar\.bz2|tgz)$/.test(path);
  return isPath ? path : undefined;
}

function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url.startsWith('file://') ? url : url.replace(/^file:/, 'file://'));
  } catch {
    return undefined; // no path of this machine; the installer says what is wrong with it
  }
}

function isUrl(text: string): boolean {
  return /^[\w+.-]+:\/\//.test(text) && !text.startsWith('file:');
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2').trim();
}
