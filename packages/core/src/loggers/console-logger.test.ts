import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { ConsoleLogger } from './console-logger.js';

function logged(write: (logger: ConsoleLogger) => void, level?: 'debug' | 'warning'): string[] {
  const lines: string[] = [];
  const writeLine = (line: string): void => void lines.push(line);
  write(new ConsoleLogger({ writeLine, clock: new ManualClock(), ...(level && { level }) }));
  return lines;
}

it('writes one plain line for each thing, with time, level and step', () => {
  const lines = logged((logger) => {
    logger.setStep('load');
    logger.info('hello');
    logger.log('rows', { count: 3 }, { level: 'success', file: 'rows.csv' });
    logger.setMetrics({ loss: 0.5 });
  });
  expect(lines).toEqual([
    '2001-09-09T01:46:40.000Z INFO [load] hello',
    '2001-09-09T01:46:40.000Z SUCCESS [load] rows {"count":3} (rows.csv)',
    '2001-09-09T01:46:40.000Z INFO [load] metrics {"loss":0.5}',
  ]);
});

it('shows progress at whole percents only', () => {
  const lines = logged((logger) => {
    for (let done = 0; done <= 1000; done += 1) logger.setProgress(done, 1000, 's');
  });
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toContain('[s] 100 %');
});

it('leaves out what is quieter than its level, and shows data that is no JSON by name', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(logged((logger) => logger.debug('quiet'))).toEqual([]);
  expect(logged((logger) => logger.debug('quiet'), 'debug')).toHaveLength(1);
  expect(logged((logger) => logger.info('quiet'), 'warning')).toEqual([]);
  expect(logged((logger) => logger.log('odd', cycle))[0]).toContain('odd (data that cannot be shown:');
});
