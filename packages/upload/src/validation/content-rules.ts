/** What a pattern stands for. Labels and rules are all that is ever told of a match. */
export interface ContentRule {
  readonly rule: 'SCRIPT_INJECTION' | 'CREDENTIAL';
  readonly label: string;
  /** Looks at one byte as one character; takes time that grows with the text and no faster. */
  readonly pattern: RegExp;
}

/** No match is longer: so much of a piece is looked at again with the next one. */
export const LONGEST_MATCH = 512;

export const CONTENT_RULES: readonly ContentRule[] = [
  { rule: 'SCRIPT_INJECTION', label: 'script_tag', pattern: /<script[\s/>]/iu },
  { rule: 'SCRIPT_INJECTION', label: 'iframe_tag', pattern: /<iframe[\s/>]/iu },
  { rule: 'SCRIPT_INJECTION', label: 'php_tag', pattern: /<\?php\b/iu },
  {
    rule: 'SCRIPT_INJECTION',
    label: 'javascript_address',
    pattern: /(?:href|src|action)\s{0,8}=\s{0,8}["']?\s{0,8}javascript:/iu,
  },
  {
    rule: 'SCRIPT_INJECTION',
    label: 'event_handler',
    pattern: /<[a-z][^<>]{0,400}\son(?:error|load|click|focus|mouseover|toggle|begin)\s{0,8}=/iu,
  },
  {
    rule: 'CREDENTIAL',
    label: 'private_key',
    pattern: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/u,
  },
  { rule: 'CREDENTIAL', label: 'aws_access_key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/u },
  {
    rule: 'CREDENTIAL',
    label: 'github_token',
    pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})/u,
  },
  { rule: 'CREDENTIAL', label: 'slack_token', pattern: /\bxox[abprs]-[0-9A-Za-z-]{20}/u },
  { rule: 'CREDENTIAL', label: 'google_api_key', pattern: /\bAIza[0-9A-Za-z_-]{35}/u },
];

/** What begins like this is a program, whatever it is called. */
export function executableLabel(head: Buffer): string | undefined {
  const text = head.toString('latin1');
  if (/^(?:\u00EF\u00BB\u00BF)?#![ \t]*\//u.test(text)) return 'shebang';
  if (text.startsWith('\u007FELF')) return 'elf';
  if (isWindowsProgram(head)) return 'windows_program';
  const magic = head.length < 4 ? '' : head.toString('hex', 0, 4);
  if (['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe'].includes(magic)) return 'mach_o';
  if (magic === 'cafebabe') return 'class_or_mach_o';
  if (text.startsWith('\0asm')) return 'web_assembly';
  return text.startsWith('dex\n') ? 'android_program' : undefined;
}

/** "MZ" alone begins many a text; a program has zeros in its header. */
function isWindowsProgram(head: Buffer): boolean {
  return head.length >= 64 && head.toString('latin1', 0, 2) === 'MZ' && head.subarray(0, 64).includes(0);
}

const CREDENTIAL_NAMES = new Set(
  (
    '.npmrc .pypirc .netrc _netrc .pgpass .htpasswd .git-credentials .dockercfg id_rsa id_dsa id_ecdsa id_ed25519 ' +
    'credentials.json service_account.json service-account.json secrets.json secrets.yaml secrets.yml'
  ).split(' '),
);
const CREDENTIAL_EXTENSIONS = /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/u;

/** Names under which programs keep passwords and keys. */
export function isCredentialName(name: string): boolean {
  const lower = name.toLowerCase();
  return CREDENTIAL_NAMES.has(lower) || /^\.env(?:\.|$)/u.test(lower) || CREDENTIAL_EXTENSIONS.test(lower);
}
