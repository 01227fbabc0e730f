import assert from 'node:assert/strict';
import type { DataUnit } from '@synapse-steps/backend/api';
import { z } from 'zod';
import type { Stage } from '../demo/stage.js';

export interface MadeDataset {
  /** Of its version: what a training asks for. */
  readonly id: number;
  /** How many pictures each split has. */
  readonly counts: Readonly<Record<Split, number>>;
}

type Split = 'train' | 'test';

const answerSchema = z.object({ id: z.int() });

/**
 * Makes a ground-truth data set of the pictures: each is of the class that its row of `meta.csv` says. On a platform people do
 * this, by looking; the embedded backend takes it by a request.
 */
export async function makeDataset({ host, token }: Stage, units: readonly DataUnit[]): Promise<MadeDataset> {
  const splits = splitsOf(units.map(digitOf));
  const events = units.map((unit, index) => ({
    data_unit: unit.id,
    category: splits[index],
    data: annotationsOf(digitOf(unit)),
  }));
  const response = await fetch(`${host}/ground_truth_dataset_versions/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Synapse-Access-Token': `Token ${token}` },
    body: JSON.stringify({ name: 'Handwritten digits', events }),
  });
  const answer = await response.text();
  assert.equal(response.status, 201, `The data set was refused: ${answer}`);
  const count = (wanted: Split): number => splits.filter((split) => split === wanted).length;
  return { id: answerSchema.parse(JSON.parse(answer)).id, counts: { train: count('train'), test: count('test') } };
}

/** Every fifth of each class is held out, so that both splits have the same share of each digit. */
function splitsOf(classes: readonly string[]): readonly Split[] {
  const seen = new Map<string, number>();
  return classes.map((name) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number % 5 === 0 ? 'test' : 'train';
  });
}

function digitOf({ meta }: DataUnit): string {
  return String(meta?.['digit']);
}

/** As the backend's annotation tools write it (DM v2): this picture as a whole is of one class. */
function annotationsOf(digit: string): object {
  const classification = [{ id: `digit-${digit}`, classification: digit, attrs: [] }];
  const none = { bounding_box: [], polygon: [], keypoint: [], polyline: [], relation: [], group: [] };
  return { classification: { classification: [digit] }, images: [{ ...none, classification }] };
}
