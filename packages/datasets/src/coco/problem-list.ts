import type { LeaveOut, LeftOut, LeftOutCode } from '../model/left-out.js';

const MOST_ENTRIES = 1000;

/** What was found wrong before anybody could be told. Of very many of one kind only the number is kept. */
export class ProblemList {
  readonly #entries: LeftOut[] = [];
  readonly #more = new Map<LeftOutCode, { readonly picture: string; count: number }>();

  add(entry: LeftOut): void {
    if (this.#entries.length < MOST_ENTRIES) {
      this.#entries.push(entry);
      return;
    }
    const more = this.#more.get(entry.code) ?? { picture: entry.picture, count: 0 };
    more.count += 1;
    this.#more.set(entry.code, more);
  }

  tell(leaveOut: LeaveOut): void {
    for (const entry of this.#entries) leaveOut(entry);
    for (const [code, { picture, count }] of this.#more) {
      for (let index = 0; index < count; index += 1)
        leaveOut({ code, picture, reason: 'There are more of that kind.' });
    }
  }
}
