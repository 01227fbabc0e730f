import { open } from 'node:fs/promises';
import { ProcessStartError } from './process-start-error.js';

/**
 * Refuses a file that the system cannot execute itself: a script without a `#!` line, or a program for another
 * processor. The C library would hand such a file to a shell, which then runs whatever it makes of it.
 *
 * @throws ProcessStartError
 */
export async function checkFormat(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const head = await readHead(file);
  if (head === undefined || isScript(head) || isMachO(head) || isForThisProcessor(head)) return;
  throw new ProcessStartError(
    'bad_format',
    `${file} is no program for this machine: it is a script without a '#!' line, or was built for another processor. Name its interpreter in the command, or build it for ${process.arch}.`,
  );
}

async function readHead(file: string): Promise<Buffer | undefined> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined; // a program may be executable and yet not readable
  }
}

const HEAD_BYTES = 20;

function isScript(head: Buffer): boolean {
  return head.toString('latin1', 0, 2) === '#!';
}

function isMachO(head: Buffer): boolean {
  return process.platform === 'darwin' && head.length >= 4 && MACH_O.has(head.readUInt32BE(0));
}

const MACH_O: ReadonlySet<number> = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe]);

function isForThisProcessor(head: Buffer): boolean {
  if (head.length < HEAD_BYTES || head.toString('latin1', 0, 4) !== '\u007fELF') return false;
  const expected = ELF_MACHINES[process.arch];
  const machine = head[ELF_BYTE_ORDER] === BIG_ENDIAN ? head.readUInt16BE(ELF_MACHINE) : head.readUInt16LE(ELF_MACHINE);
  return expected === undefined || expected.includes(machine);
}

const ELF_BYTE_ORDER = 5;
const BIG_ENDIAN = 2;
const ELF_MACHINE = 18;
/** What each processor executes, 32-bit programs on 64-bit ones included. */
const ELF_MACHINES: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
  ia32: [3],
  arm: [40],
};
