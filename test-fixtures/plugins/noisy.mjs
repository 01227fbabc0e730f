import { plugin, result, write } from './wire.mjs';

process.stdout.write('Welcome to noisy 1.0\n\nloading…\n');
process.stderr.write('noisy starts\n');
plugin([{ name: 'noisy' }, { name: 'lines' }], {
  execute: ({ id, params }) => {
    if (params.step === 'lines') return lines(id, params.step_params.count);
    process.stdout.write('10 %');
    write({ method: 'log', params: { id, seq: 1, message: 'glued' } });
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
    process.stderr.write('a line on stderr\n');
    process.stdout.write('50 %');
    result(id, { success: true, data: { done: true } });
  },
});

function lines(id, count) {
  for (let number = 0; number < count; number += 1) process.stderr.write(`line ${number} ${'x'.repeat(40)}\n`);
  process.stderr.write('', () => result(id, { success: true })); // only once all of them are written
}
