import { within } from '../subject/within.js';

type Frame = Readonly<Record<string, unknown>>;

/** The messages of the other side of a replay, until they are asked for. */
export class MessageQueue {
  readonly #frames: Frame[] = [];
  #hasEnded = false;
  #tell: () => void = () => undefined;

  /** What nobody has asked for. */
  get left(): readonly Frame[] {
    return this.#frames;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#tell();
  }

  /** Nothing more will come. */
  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  /** The first message that fits, when it comes within the time. */
  async take(fits: (frame: Frame) => boolean, ms: number): Promise<Frame | undefined> {
    await within(
      ms,
      this.#until(() => this.#hasEnded || this.#frames.some(fits)),
    );
    const at = this.#frames.findIndex(fits);
    return at < 0 ? undefined : this.#frames.splice(at, 1)[0];
  }

  /** Whether nothing more comes, within the time. */
  async ended(ms: number): Promise<boolean> {
    await within(
      ms,
      this.#until(() => this.#hasEnded),
    );
    return this.#hasEnded;
  }

  async #until(isSo: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#tell = () => (isSo() ? resolve() : undefined);
      this.#tell();
    });
  }
}
