import { rules, type RuleId } from '../rules/rules.js';
import { judgeCase, type Verdict } from './judge-case.js';
import type { VectorCase } from './vector-file.js';

export interface VectorsResult {
  readonly same: number;
  readonly different: number;
  readonly unlisted: number;
  /** How many cases each rule changes. */
  readonly byRule: Readonly<Record<RuleId, number>>;
  readonly cases: readonly (Verdict & { readonly id: string; readonly title: string; readonly file: string })[];
}

/** Judges all cases, one after the other. */
export async function runVectors(cases: readonly VectorCase[]): Promise<VectorsResult> {
  const judged: VectorsResult['cases'][number][] = [];
  for (const vectorCase of cases) {
    const { id, title, file } = vectorCase;
    judged.push({ id, title, file, ...(await judgeCase(vectorCase)) });
  }
  const count = (verdict: Verdict['verdict']): number => judged.filter((one) => one.verdict === verdict).length;
  const touched = judged.flatMap((one) => (one.verdict === 'different' ? one.rules : []));
  const byRule = Object.fromEntries(rules.map(({ id }) => [id, touched.filter((rule) => rule === id).length]));
  return {
    same: count('same'),
    different: count('different'),
    unlisted: count('unlisted'),
    byRule: byRule as Record<RuleId, number>,
    cases: judged,
  };
}

export function summaryLine({ same, different, unlisted }: VectorsResult): string {
  return `${same} same, ${different} different on purpose, ${unlisted} unlisted`;
}
