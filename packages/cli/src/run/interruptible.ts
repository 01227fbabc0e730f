import { EXIT } from '../exit-codes.js';
import { InterruptedError } from './interrupted-error.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An abort signal that Ctrl-C and its like set off, for as long as `work` runs. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => controller.abort(new InterruptedError(signal));
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('exit', onExit);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    process.removeListener('exit', onExit);
  }
}

/** A file of the user that is being loaded may end this process, or wait for ever: that is no success. */
function onExit(): void {
  process.exitCode = EXIT.wrongUse;
  process.stderr.write(
    'This process ended while the workflow was being loaded: a file of it calls process.exit(), or waits for what cannot happen; nothing was started.\n',
  );
}
