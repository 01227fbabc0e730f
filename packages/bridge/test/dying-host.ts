// A host that ends in the way that it is told, with a plugin at work.
import { connectPlugin } from '../src/index.js';

const [way, program = '', ...args] = process.argv.slice(2);
const target = program === 'python' ? { python: args[0] ?? '' } : { command: [program, ...args] };
const session = await connectPlugin(target, way === 'idle-pool' ? { workers: 2 } : {});
const [step] = session.steps;

if (way === 'idle-pool') {
  // both have served; from then on neither they nor the timer that looks after them may keep this process alive
  await Promise.all([1, 2].map(() => session.call({ method: 'execute', step: step?.name ?? '', params: request() })));
  console.log(session.id);
} else if (way === 'idle') {
  console.log(session.id); // nothing is under way: the plugin alone must not keep this process alive
} else {
  const call = session.call({ method: 'execute', step: step?.name ?? '', params: request() }, () =>
    setTimeout(() => console.log(session.id), 100),
  );
  if (way === 'own-SIGINT') process.once('SIGINT', () => process.exit(130));
  if (way === 'exit') setTimeout(() => process.exit(3), 300);
  if (way === 'throw') setTimeout(() => void JSON.parse('not JSON'), 300);
  if (way === 'reject') setTimeout(() => void Promise.reject(new Error('nobody cares')), 300);
  await call;
}

function request() {
  return {
    run_id: 'run',
    step: program === 'python' || way === 'idle-pool' ? (args[1] ?? step?.name ?? '') : 'wait',
    params: {},
    step_params: {},
    context: { rev: 1, full: {} },
    attempt: 1,
    idempotency_key: 'run/step/1/execute',
  };
}
