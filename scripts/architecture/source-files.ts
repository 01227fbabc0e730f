// The files of the repository as git knows them, and what a TypeScript file imports.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../bootstrap/repository.mjs';

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const ours = /\.(?:ts|mts|js|mjs|py|sh|go|rs)$/;

/** Every source file that is tracked, or new and not ignored. */
export function sourceFiles(): readonly SourceFile[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return list
    .toString('utf8')
    .split('\0')
    .filter((path) => ours.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The sources of one package that are published: no tests. */
export function publishedSources(files: readonly SourceFile[], packageFolder: string): readonly SourceFile[] {
  return files.filter(
    ({ path }) => path.startsWith(`packages/${packageFolder}/src/`) && isTypeScript(path) && !isTest(path),
  );
}

export function isTypeScript(path: string): boolean {
  return path.endsWith('.ts');
}

export function isTest(path: string): boolean {
  return /\.test(?:-d)?\.ts$/.test(path) || path.includes('/test/');
}

/** All module names that a file imports, exports from or loads by `import()`. */
export function importsOf({ text }: SourceFile): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The names that a file uses as variables: neither declared in it as a member nor read from an object. */
export function globalsOf({ path, text }: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isReference(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return names;
}

/** The statements of a file that do something else than list exported names of other files. */
export function statementsOtherThanExportLists({ path, text }: SourceFile): readonly string[] {
  return parse(path, text)
    .statements.filter((statement) => !isExportList(statement))
    .map((statement) => statement.getText().split('\n')[0] ?? '');
}

/** How many catch blocks of a file do nothing. A comment is not an answer to an error. */
export function emptyCatchBlocks({ path, text }: SourceFile): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node) && node.block.statements.length === 0) count += 1;
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return count;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function isExportList(statement: ts.Statement): boolean {
  return (
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier !== undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  );
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isQualifiedName(parent));
}
