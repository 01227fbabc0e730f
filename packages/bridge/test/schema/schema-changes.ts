import type { JsonSchema } from './protocol-json-schema.js';

/**
 * Finds what a released schema does not allow to be changed. Hosts and plugins of either age must understand each other,
 * so what exists stays as it is, in both directions; what may come are optional fields, definitions, and branches for
 * methods that were unknown before.
 */
export function schemaChanges(released: unknown, current: unknown, place = ''): string[] {
  if (Array.isArray(released)) return listChanges(released, current, place);
  if (!isObject(released)) return released === current ? [] : [`${place}: ${show(released)} became ${show(current)}`];
  if (!isObject(current)) return [`${place}: ${show(released)} became ${show(current)}`];
  if (isNegotiated(place) && isWithDelta(released, current)) return [];
  return [...new Set([...Object.keys(released), ...Object.keys(current)])].flatMap((keyword) => {
    if (ANNOTATIONS.has(keyword) && !isMap(place)) return [];
    const here = `${place}/${keyword}`;
    if (!(keyword in released))
      return mayBeAdded(place) && !refusesAll(current[keyword]) ? [] : [`${here}: ${show(current[keyword])} was added`];
    if (!(keyword in current)) return [`${here}: ${show(released[keyword])} was removed`];
    return keyword === 'allOf' && isMessage(place)
      ? branchChanges(released[keyword], current[keyword], here)
      : schemaChanges(released[keyword], current[keyword], here);
  });
}

/** Words for people; `default` is none of them: it says what a missing field means. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'examples', '$comment']);

/** The order of what is required and of what an enum allows says nothing; of anything else it does. */
function listChanges(released: readonly unknown[], current: unknown, place: string): string[] {
  if (!Array.isArray(current)) return [`${place}: ${show(released)} became ${show(current)}`];
  if (!/\/(?:required|enum|type)$/.test(place)) {
    if (released.length !== current.length) return [`${place}: ${show(released)} became ${show(current)}`];
    return released.flatMap((item, index) => schemaChanges(item, current[index], `${place}/${index}`));
  }
  return [
    ...current.filter((item) => !released.includes(item)).map((item) => `${place}: ${show(item)} was added`),
    ...released.filter((item) => !current.includes(item)).map((item) => `${place}: ${show(item)} was removed`),
  ];
}

/** A message has one branch for each method: those of new methods may come, wherever they stand, and bind no other one. */
function branchChanges(released: unknown, current: unknown, place: string): string[] {
  const [then, now] = [released as readonly unknown[], current as readonly unknown[]];
  const [shownThen, shownNow] = [then.map(show), now.map(show)];
  const methodsThen = then.map(methodOf);
  const gone = then.filter((branch) => !shownNow.includes(show(branch)));
  const added = now.filter((branch) => !shownThen.includes(show(branch)));
  const methodsAdded = added.map(methodOf);
  const bad = added.filter((_branch, at) => {
    const method = methodsAdded[at];
    return method === undefined || methodsThen.includes(method) || methodsAdded.indexOf(method) !== at;
  });
  return [
    ...gone.map((branch) => `${place}: ${show(branch)} was removed or changed`),
    ...bad.map((branch) => `${place}: ${show(branch)} was added, and is not that of one new method`),
  ];
}

/** The method that a branch is for; `undefined` if it may be for others, too, or says more than how the params look. */
function methodOf(branch: unknown): string | undefined {
  if (!isObject(branch)) return undefined;
  const { if: condition, then: shape, ...rest } = branch as { if?: JsonSchema; then?: JsonSchema };
  const method = (condition?.['properties'] as { method?: { const?: unknown } } | undefined)?.method?.const;
  const wanted = { properties: { method: { const: method } }, required: ['method'] };
  const isParams =
    isObject(shape) && Object.keys(shape).join() === 'properties' && isOnly(shape['properties'], 'params');
  const isWhole = show(condition) === show(wanted) && isParams && Object.keys(rest).length === 0;
  return typeof method === 'string' && isWhole ? method : undefined;
}

function isOnly(value: unknown, key: string): boolean {
  return isObject(value) && Object.keys(value).join() === key;
}

/** Whether the keys at this place are names that people chose, and no keywords. */
function isMap(place: string): boolean {
  return /\/(?:properties|\$defs)$/.test(place) && !place.endsWith('/properties/properties');
}

/** A new field is optional unless `required` names it, which is found there. */
function mayBeAdded(place: string): boolean {
  return isMap(place);
}

/** Where the host may send another shape beside the released one, as only a plugin that asked for it by a capability gets it. */
function isNegotiated(place: string): boolean {
  return /^\/\$defs\/(?:CanSkip|Execute|Rollback)Params\/properties\/context$/.test(place);
}

/** Exactly the one that `context_delta` asks for. */
function isWithDelta(released: JsonSchema, current: JsonSchema): boolean {
  return show(current) === show({ anyOf: [released, { $ref: '#/$defs/ContextDelta' }] });
}

/** A new field that nothing fits would refuse what had been allowed. */
function refusesAll(schema: unknown): boolean {
  return (
    schema === false ||
    (isObject(schema) && 'not' in schema && (schema['not'] === true || show(schema['not']) === '{}'))
  );
}

function isMessage(place: string): boolean {
  return /^\/\$defs\/\w+Message$/.test(place);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
