/** What `uses:` (and `context:`) may name. */
export type StepReference = ModuleReference | PluginReference;

/** An export of a TypeScript or JavaScript file of the project. */
export interface ModuleReference {
  readonly kind: 'module';
  /** As written: relative to the workflow file, or absolute. */
  readonly path: string;
  readonly exportName: string;
}

export interface PluginReference {
  readonly kind: 'plugin';
  readonly plugin: string;
  readonly step: string;
}

/** Reads `./file.ts#Export`, `./file.ts` or `plugin/step`; undefined when it is none of these. */
export function parseStepReference(text: string): StepReference | undefined {
  if (/^\.{0,2}\//.test(text)) return parseModuleReference(text);
  const [plugin = '', step = '', ...rest] = text.split('/');
  const isPluginStep = plugin !== '' && step !== '' && rest.length === 0 && !text.includes('#');
  return isPluginStep ? { kind: 'plugin', plugin, step } : undefined;
}

/** Reads `./file.ts#Export`; without `#` the default export is meant. Undefined when it does not begin like a path. */
export function parseModuleReference(text: string): ModuleReference | undefined {
  if (!/^\.{0,2}\//.test(text)) return undefined;
  const mark = text.lastIndexOf('#');
  if (mark < 0) return { kind: 'module', path: text, exportName: 'default' };
  const exportName = text.slice(mark + 1);
  return exportName === '' ? undefined : { kind: 'module', path: text.slice(0, mark), exportName };
}

/** Reads `file.ts#Export` of a command line, where any path is one of the working directory. */
export function parseTarget(text: string): ModuleReference | undefined {
  const mark = text.lastIndexOf('#');
  return mark < 1 || mark === text.length - 1
    ? undefined
    : { kind: 'module', path: text.slice(0, mark), exportName: text.slice(mark + 1) };
}
