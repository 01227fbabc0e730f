// The links of a package's pages that lead nowhere for those who installed it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Follows README.md and every page of the package that it leads to. A sibling lies beside the package, in the repository
 * and in `node_modules` alike, so a link to `../core` is a good one.
 *
 * @param {string} directory Of the package. @returns {string[]} Such as `docs/a.md: ../test/a.test.ts`.
 */
export function deadLinks(directory) {
  const pages = [join(directory, 'README.md')];
  /** @type {string[]} */
  const dead = [];
  // The list grows while it is walked through.
  for (const page of pages) {
    for (const link of linksOf(readFileSync(page, 'utf8'))) {
      const target = targetOf(link, page);
      if (!leadsSomewhere(target)) dead.push(`${relative(directory, page)}: ${link}`);
      else if (isPageOf(directory, target.path) && !pages.includes(target.path)) pages.push(target.path);
    }
  }
  return [...new Set(dead)];
}

/** @param {string} markdown @returns {string[]} Those to files and headings; addresses are not looked at. */
function linksOf(markdown) {
  const prose = withoutCode(markdown).replace(/`[^`\n]*`/g, '``');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : link));
}

/** @param {string} markdown */
function withoutCode(markdown) {
  return markdown.replace(/^ *```[\s\S]*?^ *```/gm, '');
}

/** @param {string} link @param {string} page @returns {{ path: string, heading: string }} */
function targetOf(link, page) {
  const [file = '', heading = ''] = link.split('#');
  return { path: file === '' ? page : join(dirname(page), file), heading };
}

/** @param {{ path: string, heading: string }} target */
function leadsSomewhere({ path, heading }) {
  if (!existsSync(path)) return false;
  if (heading === '') return true;
  const page = statSync(path).isDirectory() ? join(path, 'README.md') : path;
  return headingsOf(readFileSync(page, 'utf8')).includes(heading);
}

/** @param {string} markdown @returns {string[]} As they are addressed: `# One: two` is `one-two`. */
function headingsOf(markdown) {
  return [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .trim()
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** @param {string} directory @param {string} path */
function isPageOf(directory, path) {
  return path.endsWith('.md') && !relative(directory, path).startsWith('..');
}
