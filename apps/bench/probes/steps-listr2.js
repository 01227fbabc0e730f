// Listr2 running the same no-op steps, each with a rollback, and drawing nothing.
import { measureSteps } from './measure-steps.js';
import { serveProbe } from './serve-probe.js';

/**
 * @typedef {{ title: string, task: () => Promise<void>, rollback: () => Promise<void> }} Task
 * @typedef {{ add(tasks: Task[]): unknown, run(): Promise<unknown>, tasks: { isCompleted(): boolean }[] }} TaskList
 * @typedef {{ Listr: new (tasks: Task[], options: { renderer: 'silent' }) => TaskList }} Listr2
 */

const [peerModule = '', version = ''] = process.argv.slice(2);
const { Listr } = /** @type {Listr2} */ (await import(peerModule));

/** Listr2 hands a list over as arguments of one call, which overflows the stack somewhere above a hundred thousand. */
const tasksAtOnce = 50_000;

/** @type {Task[][]} */
let batches = [];
let size = 0;

async function runWorkflow() {
  const list = new Listr([], { renderer: 'silent' });
  for (const batch of batches) list.add(batch);
  await list.run();
  if (!list.tasks.every((task) => task.isCompleted())) throw new Error('Some tasks did not run.');
  return list;
}

await serveProbe(version, (request) => {
  if (size !== request.steps) {
    size = request.steps;
    batches = batchesOf(size);
  }
  return measureSteps(request, runWorkflow);
});

/** @param {number} count */
function batchesOf(count) {
  const tasks = Array.from({ length: count }, (_, index) => ({
    title: `step-${index}`,
    task: async () => undefined,
    rollback: async () => undefined,
  }));
  return Array.from({ length: Math.ceil(count / tasksAtOnce) }, (_, batch) =>
    tasks.slice(batch * tasksAtOnce, (batch + 1) * tasksAtOnce),
  );
}
