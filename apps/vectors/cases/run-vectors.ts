import type { Rule } from '../rules/rule.js';
import type { Verdict } from './verdict.js';

export interface VectorsResult {
  readonly same: number;
  readonly different: number;
  readonly unlisted: number;
  /** How many cases each rule changes. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly cases: readonly (Verdict & Named)[];
}

interface Named {
  readonly id: string;
  readonly title: string;
  readonly file: string;
}

/** Judges all cases, one after the other. */
export async function runVectors<TCase extends Named>(
  cases: readonly TCase[],
  judge: (vectorCase: TCase) => Promise<Verdict>,
  rules: readonly Rule[],
): Promise<VectorsResult> {
  const judged: VectorsResult['cases'][number][] = [];
  for (const vectorCase of cases) {
    const { id, title, file } = vectorCase;
    judged.push({ id, title, file, ...(await judge(vectorCase)) });
  }
  const count = (verdict: Verdict['verdict']): number => judged.filter((one) => one.verdict === verdict).length;
  const touched = judged.flatMap((one) => (one.verdict === 'different' ? one.rules : []));
  const byRule = Object.fromEntries(rules.map(({ id }) => [id, touched.filter((rule) => rule === id).length]));
  return { same: count('same'), different: count('different'), unlisted: count('unlisted'), byRule, cases: judged };
}

export function summaryLine({ same, different, unlisted }: VectorsResult): string {
  return `${same} same, ${different} different on purpose, ${unlisted} unlisted`;
}
