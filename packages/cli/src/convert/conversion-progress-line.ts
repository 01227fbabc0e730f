import type { ConversionProgress } from '@synapse-steps/datasets';
import type { Output } from '../output/output.js';

export interface ConversionProgressLineOptions {
  readonly output: Output;
  readonly isSilent: boolean;
}

/**
 * Shows on stderr how far a conversion is: on a terminal one line that is written over, elsewhere a line for every tenth,
 * or every thousand pictures where nobody knows yet how many there are.
 */
export class ConversionProgressLine {
  readonly #options: ConversionProgressLineOptions;
  readonly #isTerminal = process.stderr.isTTY;
  #shownAt = Number.NEGATIVE_INFINITY;
  #lastMark = '';
  #isShown = false;

  constructor(options: ConversionProgressLineOptions) {
    this.#options = options;
  }

  show(progress: ConversionProgress): void {
    if (this.#options.isSilent) return;
    if (this.#isTerminal) this.#overwrite(progress);
    else this.#line(progress);
  }

  /** Leaves the terminal's line empty. */
  clear(): void {
    if (this.#isShown) process.stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }

  #overwrite(progress: ConversionProgress): void {
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS && progress.pictures !== progress.total) return;
    this.#shownAt = now;
    this.#isShown = true;
    process.stderr.write(`${CLEAR_LINE}${textOf(progress)}`);
  }

  #line(progress: ConversionProgress): void {
    const { phase, pictures, total } = progress;
    const mark = total === undefined ? Math.floor(pictures / EVERY_PICTURES) : Math.floor((pictures * 10) / total);
    if (mark === 0 || `${phase} ${mark}` === this.#lastMark) return;
    this.#lastMark = `${phase} ${mark}`;
    this.#options.output.problem(textOf(progress));
  }
}

const CLEAR_LINE = '\r\u001b[2K';
const EVERY_MS = 100;
const EVERY_PICTURES = 1000;

function textOf({ phase, pictures, total }: ConversionProgress): string {
  const doing = phase === 'survey' ? 'reading' : 'converting';
  if (total === undefined || total === 0) return `${doing}: ${pictures} pictures`;
  return `[${String(Math.floor((pictures * 100) / total)).padStart(3)} %] ${doing}: ${pictures} of ${total} pictures`;
}
