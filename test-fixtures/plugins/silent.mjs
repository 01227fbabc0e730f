import { plugin } from './wire.mjs';

plugin(
  [{ name: 'waits' }, { name: 'computes' }],
  {
    ping: () => undefined,
    execute: ({ params }) => {
      if (params.step === 'computes') for (;;);
    },
  },
  { ping: true, cancel: true },
);
