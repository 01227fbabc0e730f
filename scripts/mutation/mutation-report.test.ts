import { expect, it } from 'vitest';
import { mutationReport } from './mutation-report.mjs';

const text = ['const a = 1;', 'if (a > 0 &&', '    a < 9) go();', ''].join('\n');

function mutant(status: string, [line, column]: [number, number], [endLine, endColumn]: [number, number]) {
  const location = { start: { line, column }, end: { line: endLine, column: endColumn } };
  return { fileName: 'a.ts', status, mutatorName: 'ConditionalExpression', replacement: 'true', location };
}

it('shows what survived where, first in the file first, and the score of each file', () => {
  const mutants = [
    mutant('Killed', [1, 1], [1, 2]),
    mutant('Timeout', [1, 1], [1, 2]),
    mutant('Ignored', [1, 1], [1, 2]),
    mutant('NoCoverage', [3, 12], [3, 16]),
    mutant('Survived', [2, 5], [3, 10]),
    { ...mutant('Killed', [1, 1], [1, 2]), fileName: 'b.ts' },
  ];
  expect(mutationReport(mutants, () => text)).toBe(
    [
      'a.ts:2:5 ConditionalExpression',
      '  - a > 0 &&',
      '  - a < 9',
      '  + true',
      '',
      'a.ts:3:12 ConditionalExpression, which no test reaches',
      '  - go()',
      '  + true',
      '',
      '  score  noticed',
      ' 50.0 %    2/4     a.ts',
      '100.0 %    1/1     b.ts',
      ' 60.0 %    3/5     all 2 files; 2 mutants survived',
    ].join('\n'),
  );
});
