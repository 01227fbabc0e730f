import { Readable } from 'node:stream';
import type { FrameSink } from '../framing/frame-writer.js';

/** The two ends of the wire, taken away from everybody else in this process. */
export interface Wire {
  readonly input: NodeJS.ReadStream;
  readonly output: FrameSink;
}

/**
 * Keeps the wire for frames: from now on whatever this process prints to stdout goes to stderr, which the host shows, and
 * its stdin is at its end. Otherwise a step that prints what a stranger wrote could be made to print a message of the
 * protocol. A child process that inherits descriptor 1 is not stopped by this; the host takes its lines as stray ones.
 */
export function protectStdio(): Wire {
  const { stdin, stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.on('error', () => undefined); // the host is gone, and the end of stdin says so as well
  stdout.write = stderr.write.bind(stderr);
  const noInput = Readable.from([]);
  Object.defineProperty(process, 'stdin', { configurable: true, get: () => noInput });
  return {
    input: stdin,
    output: {
      get writableLength() {
        return stdout.writableLength;
      },
      write: (text, encoding, onWritten) => write(text, encoding, onWritten),
    },
  };
}
