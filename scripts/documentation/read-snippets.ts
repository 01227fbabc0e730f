export interface Program {
  /** `tsx FILE`, a call of the `synapse-steps` command, or `sh` for the lines of the block itself. */
  readonly command: string;
  /** What it prints, where the page shows that. */
  readonly output: string | undefined;
  /** The lines that `sh` is given. */
  readonly script?: string;
}

export interface Snippets {
  readonly files: Readonly<Record<string, string>>;
  readonly programs: readonly Program[];
}

/**
 * The code of a page: a block below `<!-- file: NAME -->` is that file; `<!-- run: COMMAND -->` is run, and a `text` block
 * below it is what the command prints; with `<!-- run: sh -->` the block itself is run. The marks are not seen by those who read the page.
 */
export function readSnippets(markdown: string): Snippets {
  const files: Record<string, string> = {};
  const programs: Program[] = [];
  for (const [, mark, value = '', language, body = ''] of markdown.matchAll(BLOCK)) {
    if (mark === 'file') files[value] = (files[value] ?? '') + body;
    else if (value === 'sh') programs.push({ command: value, output: undefined, script: body });
    else programs.push({ command: value, output: language === 'text' ? body : undefined });
  }
  return { files, programs };
}

const BLOCK = /<!-- (file|run): (.+?) -->\n```(\w+)\n([\s\S]*?)```/g;
