// Starts the program that its arguments name, with descriptor 3 as its stdin, and is gone at once: its parent is another then.
// (Node closes the stdin of a child that has ended, but not what else it was given.)
import { spawn } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2);
spawn(program, args, { stdio: [3, 'inherit', 'inherit'], detached: true }).unref();
process.exit(0);
