import { describe, expect, it } from 'vitest';
import { readFaults, withProofs, withPythonTitles } from './faults.mjs';

describe('the table of faults', () => {
  it('has a test for each of the 42, and is as `node scripts/faults.mjs` writes it', () => {
    const { text, current, problems } = readFaults();
    expect(problems).toEqual([]);
    expect(text).toBe(current);
  });

  it('names each file once', () => {
    const row = '| F-3 | Something. | Ours does. | old |\n';
    const proof = { file: 'packages/bridge/test/faults/a.slow.test.ts', line: 1, title: 'x' };
    const python = { file: 'packages/python/tests/test_b.py', line: 1, title: 'x' };
    const fault = { id: 'F-3', text: '', elsewhere: '', tests: [proof, python, proof] };
    expect(withProofs(row, [fault])).toBe(
      '| F-3 | Something. | Ours does. | `test/faults/a.slow.test.ts`, `../python/tests/test_b.py` |\n',
    );
    expect(withProofs(row, [])).toBe('| F-3 | Something. | Ours does. | – |\n');
  });

  it('counts the tests of Python too', () => {
    expect(withPythonTitles('    def test_f6_a_fork_child(self):\n')).toBe("    it('F-6: a fork child',\n");
  });
});
