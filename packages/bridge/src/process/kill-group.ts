/** What came of a signal: it was sent, there is nobody left to get it, or the system refused it. */
export type SignalOutcome = 'sent' | 'gone' | 'refused';

/**
 * Sends a signal to a whole process group, named by the id of the process that leads it, so that what a plugin started
 * ends with it. The id comes from the process that we started ourselves, never from a file or a lookup: ids are reused.
 */
export function killGroup(leader: number, signal: NodeJS.Signals): SignalOutcome {
  try {
    // Windows has no groups; there the signal reaches the process itself
    process.kill(process.platform === 'win32' ? leader : -leader, signal);
    return 'sent';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'refused';
  }
}
