// A plugin of Stryker that passes over texts for people: to pin their words in tests proves nothing.

/**
 * Names, codes and statuses have no blank; what has one is read by people. What a text is put together from is passed over
 * with it.
 *
 * @param {{ type: string, value?: unknown, quasis?: readonly { value: { raw: string } }[] }} node Of the syntax tree.
 */
export function isMessage({ type, value, quasis = [] }) {
  if (type === 'StringLiteral') return String(value).includes(' ');
  return type === 'TemplateLiteral' && quasis.some((part) => part.value.raw.includes(' '));
}

/** @param {{ node: Parameters<typeof isMessage>[0] }} path */
const shouldIgnore = ({ node }) => (isMessage(node) ? 'a text for people' : undefined);

export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: { shouldIgnore } }];
