import { BackendError } from '../errors/backend-error.js';
import { Redactor } from './redactor.js';

/** Names and values in order; a name may come more than once. */
export type Query = readonly (readonly [name: string, value: string | number | boolean | undefined])[];

/** The backend's address, checked, without a slash at its end. @throws BackendError when it is no usable one. */
export function checkHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw misconfigured(
      'The host must be an address such as https://api.example.com, starting with http:// or https://.',
    );
  }
  if (url.username || url.password)
    throw misconfigured('The host must not contain a user or a password; give the token apart.');
  if (url.search || url.hash) throw misconfigured('The host must not contain a query (?) or a fragment (#).');
  return url.href.replace(/\/+$/, '');
}

/** @param path such as `data_units/`, relative to the host */
export function addressOf(host: string, path: string, query: Query = []): string {
  const url = new URL(`${host}/${path}`);
  for (const [name, value] of query) if (value !== undefined) url.searchParams.append(name, String(value));
  return url.href;
}

/** An id as a part of a path; it may be any text. */
export function pathPart(id: string | number): string {
  const part = encodeURIComponent(String(id));
  // `.` and `..` mean something in a path, and encodeURIComponent leaves them alone.
  return /^\.+$/.test(part) ? part.replaceAll('.', '%2E') : part;
}

/** What may be shown of any address: not its query, which signs it. */
export function withoutQuery(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : 'an address that is none';
}

/** A text that may repeat an address, without what is secret in that: user, password and query. */
export function withoutSecretsOf(url: string, text: string): string {
  if (!URL.canParse(url)) return text;
  const { search, username, password, searchParams } = new URL(url);
  const long = [...searchParams.values()].filter((value) => value.length >= SHORTEST_SECRET);
  return new Redactor([search, username, password, ...long]).text(text);
}

/** Shorter values of a query say how it was signed, and are words that people use. */
const SHORTEST_SECRET = 16;

function misconfigured(message: string): BackendError {
  return new BackendError({ code: 'backend_not_configured', message });
}
