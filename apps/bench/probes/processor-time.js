import { readdirSync, readFileSync } from 'node:fs';

/** The processor time that this process and its children have had so far, in µs; all threads of theirs that live. Linux only. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return children === '' ? user + system : children.split(' ').reduce((sum, pid) => sum + timeOf(pid), user + system);
}

/** @param {string} pid */
function timeOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return threads.reduce((sum, nanoseconds) => sum + nanoseconds / 1000, 0);
}
