import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why an address does not open anything. */
export type Refusal = 'expired' | 'forged';

/**
 * Addresses that need no account, because they are signed for one method, one path and a time. Whoever has one can use it
 * until then; nobody can make one without the secret of the folder.
 */
export class Addresses {
  readonly #secret: string;
  #origin = '';

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Such as `http://127.0.0.1:4000`. */
  get origin(): string {
    return this.#origin;
  }

  /** Said once the port is known. */
  serveAt(origin: string): void {
    this.#origin = origin;
  }

  /** Where the bytes of a content can be read. The same one all day long, so that a client's cache finds it again. */
  ofFile(sha256: string, filename: string): string {
    const expires = (Math.floor(Date.now() / DAY_MS) + 2) * (DAY_MS / 1000);
    return this.#signed('GET', ['_files', sha256, filename], { expires });
  }

  /** Where an object, or one part of it, is put. */
  ofObject(key: string, expiresAt: Date, part?: number): string {
    const expires = Math.floor(expiresAt.getTime() / 1000);
    return this.#signed('PUT', ['_storage', key], { expires, part });
  }

  /** Looks at an address that was used. @param path Its segments without escapes, which a client may write in its own way. */
  check(method: string, path: readonly string[], query: Readonly<Record<string, string>>): Refusal | undefined {
    const expires = Number(query['expires']);
    const part = query['part'] === undefined ? undefined : Number(query['part']);
    const expected = Buffer.from(this.#signatureOf(method, path, { expires, part }));
    const given = Buffer.from(query['signature'] ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
    return Date.now() / 1000 > expires ? 'expired' : undefined;
  }

  #signed(method: string, path: readonly string[], claim: Claim): string {
    const part = claim.part === undefined ? '' : `part=${claim.part}&`;
    const signature = this.#signatureOf(method, path, claim);
    return `${this.#origin}/${path.map(encodeURIComponent).join('/')}?${part}expires=${claim.expires}&signature=${signature}`;
  }

  #signatureOf(method: string, path: readonly string[], { expires, part = 0 }: Claim): string {
    return createHmac('sha256', this.#secret)
      .update(`${method}\n${path.join('/')}\n${part}\n${expires}`)
      .digest('hex');
  }
}

interface Claim {
  /** Seconds since 1970. */
  readonly expires: number;
  readonly part?: number | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;
