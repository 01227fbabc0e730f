/** Hides user names, passwords and tokens that stand in addresses, as those of private indexes do. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/([a-z][\w+.-]*:\/\/)[^\s/@]+(?::[^\s/]*)?@/gi, '$1…@');
}
