import { createHash, timingSafeEqual } from 'node:crypto';
import { authHeaders } from '@synapse-steps/backend/api';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../problem.js';
import type { AppEnv } from './served.js';

/**
 * Keeps web pages out, those of this machine's own servers, too: the address is open to every program of this machine, and
 * a browser is one. A page gives itself away by its `Origin`, one that was rebound to this address by its `Host`.
 */
export const loopbackOnly: MiddlewareHandler<AppEnv> = async (context, next) => {
  if (!isLoopback(`http://${context.req.header('host') ?? ''}`)) {
    throw new Problem(421, 'The embedded backend answers at 127.0.0.1 and localhost only.');
  }
  if (context.req.header('origin') !== undefined) {
    throw new Problem(403, 'The embedded backend does not serve web pages.');
  }
  await next();
};

/** Lets nobody in without the token. Signed addresses stand outside of it. */
export function withToken(token: string): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const given = [authHeaders.token, authHeaders.userToken].map((name) => context.req.header(name));
    if (!given.some((value) => value !== undefined && isSame(value.replace(/^(?:Token|Bearer) +/i, ''), token))) {
      context.header('WWW-Authenticate', 'Token');
      throw new Problem(401, given.every((value) => value === undefined) ? NO_TOKEN : 'Invalid token.');
    }
    await next();
  };
}

const NO_TOKEN = 'Authentication credentials were not provided.';

function isLoopback(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}

/** Compares digests, so that neither length nor first difference shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
