import { asText } from '../cases/only-item.js';
import type { Json } from '../cases/vector-file.js';
import { pythonRepr, pythonStr } from './python-text.js';
import type { World } from './world.js';

/** An exception of the modelled program: type and text are all that can be seen of it. */
export class PythonError extends Error {
  readonly type: string;
  readonly chained: boolean;

  constructor(type: string, text: string, chained = false) {
    super(text);
    this.type = type;
    this.chained = chained;
  }

  /** KeyboardInterrupt and SystemExit pass through `except Exception`. */
  get isExit(): boolean {
    return this.type === 'KeyboardInterrupt' || this.type === 'SystemExit';
  }
}

/** What the interpreter words itself. */
export function pythonsOwn(type = 'AttributeError'): PythonError {
  return new PythonError(type, '<python>');
}

/** The exception that a case asks for. */
export function scriptedError([type, ...args]: readonly Json[], world: World): PythonError {
  const name = asText(type);
  return new PythonError(name, world.differs('js-texts') ? args.map(String).join(', ') : textOf(name, args));
}

function textOf(type: string, args: readonly Json[]): string {
  if (args.length === 0) return '';
  if (type === 'OSError' && args.length === 2) return `[Errno ${pythonStr(args[0])}] ${pythonStr(args[1])}`;
  if (args.length > 1) return `(${args.map(pythonRepr).join(', ')})`;
  return type === 'KeyError' ? pythonRepr(args[0]) : pythonStr(args[0]);
}

/** `"raise:text"` raises; any other value is handed back. */
export function raiseIfTold(script: Json, world: World): Json {
  if (typeof script === 'string' && script.startsWith('raise:'))
    throw scriptedError(['ValueError', script.slice(6)], world);
  return script;
}
