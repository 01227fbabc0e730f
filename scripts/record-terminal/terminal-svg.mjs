// Draws the lines of a screen as an SVG picture of a terminal window. Text stays text.

/** @typedef {import('./screen.mjs').Cell} Cell */

const cell = { width: 8.4, height: 19 };
const padding = 16;
const titleBar = 34;
const background = '#0d1117';
const foreground = '#d0d7de';

/** @type {Record<string, string>} */
const colours = {
  black: '#484f58',
  grey: '#8b949e',
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#f0f6fc',
};

/**
 * One window below the other, each with the lines that it shows.
 *
 * @param {readonly { title: string, lines: readonly (readonly Cell[])[] }[]} windows
 * @param {number} columns
 */
export function terminalSvg(windows, columns) {
  const width = Math.ceil(columns * cell.width + 2 * padding);
  let top = 0;
  const drawn = windows.map(({ title, lines }) => {
    const height = titleBar + lines.length * cell.height + padding;
    const group = drawWindow({ title, lines, width, height, top });
    top += height + padding;
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top - padding}" viewBox="0 0 ${width} ${top - padding}">
<style>text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 14px; fill: ${foreground}; white-space: pre }</style>
${drawn.join('\n')}
</svg>
`;
}

/** @param {{ title: string, lines: readonly (readonly Cell[])[], width: number, height: number, top: number }} window */
function drawWindow({ title, lines, width, height, top }) {
  const buttons = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, index) => `<circle cx="${20 + index * 20}" cy="17" r="6" fill="${colour}"/>`,
  );
  const rows = lines.map((line, index) => drawLine(line, titleBar + (index + 0.75) * cell.height));
  return `<g transform="translate(0 ${top})"><rect width="${width}" height="${height}" rx="8" fill="${background}"/>${buttons.join('')}
<text x="${width / 2}" y="22" text-anchor="middle" opacity="0.6">${escapeXml(title)}</text>
${rows.filter((row) => row !== '').join('\n')}</g>`;
}

/** @param {readonly Cell[]} line @param {number} y */
function drawLine(line, y) {
  let column = 0;
  const spans = line.map(({ text, style }) => {
    const x = padding + column * cell.width;
    const length = Array.from(text).length;
    column += length;
    if (text.trim() === '') return '';
    const fill = style.colour === undefined ? '' : ` fill="${colours[style.colour]}"`;
    const weight = style.bold ? ' font-weight="bold"' : '';
    const opacity = style.dim ? ' fill-opacity="0.6"' : '';
    // The width is said, so that columns stand below each other in whatever font there is.
    return `<tspan x="${x.toFixed(1)}" textLength="${(length * cell.width).toFixed(1)}"${fill}${weight}${opacity}>${escapeXml(text)}</tspan>`;
  });
  const content = spans.join('');
  return content === '' ? '' : `<text y="${y.toFixed(1)}" xml:space="preserve">${content}</text>`;
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
