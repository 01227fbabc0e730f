import { plugin } from './wire.mjs';

process.stdin.removeAllListeners('end');
plugin(
  [{ name: 'ignores-cancel', rollback: true }, { name: 'ignores-sigterm' }],
  {
    execute: ({ params }) => {
      if (params.step === 'ignores-sigterm') process.on('SIGTERM', () => process.stderr.write('no\n'));
      setInterval(() => undefined, 1000);
    },
    rollback: () => setInterval(() => undefined, 1000),
  },
  { cancel: true, rollback: true },
);
