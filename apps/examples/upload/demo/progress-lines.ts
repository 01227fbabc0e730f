import { BaseLogger, type LogEntry } from '@synapse-steps/core';

const STEP_PERCENT = 10;

/** Shows an upload as it goes on: a line whenever a tenth more of it is done. It reads the run as any logger does. */
export class ProgressLines extends BaseLogger {
  #shown = -1;
  #lastStep = '';

  /** To be given to the run as `onProgress`. */
  readonly show = (percent: number): void => {
    const tenth = Math.floor(percent / STEP_PERCENT);
    if (tenth === this.#shown) return;
    this.#shown = tenth;
    const { data_files: files, data_bytes: bytes, data_units: units } = this.getMetrics();
    const parts = [
      files && `${done(files)} pictures`,
      bytes && `${Number(bytes['sent'])} of ${Number(bytes['total'])} bytes`,
      units && `${done(units)} data units`,
    ];
    const text = parts.filter(Boolean).join(', ') || this.#lastStep;
    console.log(`${String(percent).padStart(5)} %  ${text}`.trimEnd());
  };

  protected override onStepEnd(step: string): void {
    this.#lastStep = step;
  }

  protected override write({ level, event, data }: LogEntry): void {
    if (level === 'warning' || level === 'error') console.log(`${level}: ${event} ${JSON.stringify(data)}`);
  }
}

function done({ stand_by: waiting, success, failed }: Readonly<Record<string, unknown>>): string {
  const settled = Number(success) + Number(failed);
  return `${settled} of ${settled + Number(waiting)}`;
}
