import { describe, expect, it } from 'vitest';
import { Screen } from './screen.mjs';

function textOf(output: string, columns = 80): string[] {
  const screen = new Screen(columns);
  screen.write(output);
  return screen.lines().map((line) => line.map(({ text }) => text).join(''));
}

describe('the screen', () => {
  it('shows what is left after lines were drawn again', () => {
    const bars = 'a log line\r\nbar 10%\r\n\u001B[2K\u001B[1A\u001B[2K\u001B[Gbar 90%\r\ndone\r\n';
    expect(textOf(bars)).toEqual(['a log line', 'bar 90%', 'done']);
  });

  it('forgets what was erased below', () => {
    expect(textOf('one\r\ntwo\r\nthree\u001B[2A\u001B[G\u001B[J1')).toEqual(['1']);
  });

  it('breaks a line that is longer than the screen is wide', () => {
    expect(textOf('abcdef', 4)).toEqual(['abcd', 'ef']);
  });

  it('keeps colour and weight of each run of text', () => {
    const screen = new Screen(80);
    screen.write('\u001B[1m\u001B[32mok\u001B[39m\u001B[22m then \u001B[2mdim\u001B[0m');
    expect(screen.lines()).toEqual([
      [
        { text: 'ok', style: { colour: 'green', bold: true, dim: false } },
        { text: ' then ', style: { colour: undefined, bold: false, dim: false } },
        { text: 'dim', style: { colour: undefined, bold: false, dim: true } },
      ],
    ]);
  });

  it.each(['\u001B[5S', '\u001B[48;5;1m', '\u001B]0;title\u0007', '\tx'])(
    'refuses %j, which it cannot draw',
    (output) => {
      expect(() => textOf(output)).toThrow(/The output holds/);
    },
  );
});
