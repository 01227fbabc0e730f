/**
 * Hides user names, passwords and tokens that stand in addresses, as those of private indexes do, and what follows a
 * question mark, as in addresses that are signed.
 */
export function withoutPasswords(text: string): string {
  return text
    .replaceAll(/([a-z][\w+.-]*:\/\/)[^\s/]*@/gi, '$1…@') // up to the last @: a password may hold one
    .replaceAll(/([a-z][\w+.-]*:\/\/[^\s?#]*\?)[^\s#]+/gi, '$1…');
}
