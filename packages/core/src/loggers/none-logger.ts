import { BaseLogger } from './base-logger.js';

/** Writes nothing. Metrics and progress that reach it directly can still be asked for; runs do not feed it. */
export class NoneLogger extends BaseLogger {
  override readonly reads = false;

  protected override write(): void {}
}
