import { expect, it } from 'vitest';
import { Screen } from './screen.mjs';
import { terminalSvg } from './terminal-svg.mjs';

it('draws each line as text, at its place and in its colour, with nothing that XML would read', () => {
  const screen = new Screen(40);
  screen.write('\u001B[31m<a> & b\u001B[39m\r\n\r\nthird');
  const svg = terminalSvg([{ title: 'x < y', lines: screen.lines() }], 40);
  expect(svg).toContain('fill="#ff7b72">&lt;a&gt; &amp; b</tspan>');
  expect(svg).toContain('x &lt; y');
  const heights = [...svg.matchAll(/<text y="([\d.]+)" xml/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(2); // the empty line takes its room and draws nothing
  expect((heights[1] ?? 0) - (heights[0] ?? 0)).toBeCloseTo(38);
});
