import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSteps, temporaryFolder } from '../test/run-steps.js';
import { LoadStep } from './load.js';

const header = 'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex';
const good = 'Adelie,Torgersen,39.1,18.7,181,3750,male';

async function load(text: string) {
  await using folder = await temporaryFolder();
  return await runSteps([new LoadStep()], { csv: await folder.write('some.csv', text) });
}

describe('load', () => {
  it('keeps the complete rows of the real file and counts what is missing in the others', async () => {
    const { context, report } = await runSteps([new LoadStep()], {});
    expect(context.rows).toHaveLength(333);
    expect(report.steps[0]?.data).toEqual({
      rows: 344,
      leftOut: 11,
      missing: { bill_length_mm: 2, bill_depth_mm: 2, flipper_length_mm: 2, body_mass_g: 2, sex: 11 },
    });
  });

  it('says in the log how many rows it left out', async () => {
    const { events } = await load(`${header}\n${good}\nAdelie,Torgersen,NA,18.7,181,,male\n`);
    expect(events.flatMap((event) => (event.type === 'step-log' ? [event.message] : []))).toEqual([
      '2 rows, 1 left out because something is missing',
      'missing: bill_length_mm 1, body_mass_g 1',
    ]);
  });

  it('knows on which line each row stands', async () => {
    const { context } = await load(`${header}\n${good}\nAdelie,Torgersen,NA,NA,NA,NA,NA\n\n${good}\n`);
    expect(context.rows.map(({ line }) => line)).toEqual([2, 5]);
  });

  it('reads a file with Windows line ends and a byte order mark', async () => {
    const { context } = await load(`\uFEFF${header}\r\n${good}\r\n`);
    expect(context.rows[0]?.values).toMatchObject({ species: 'Adelie', sex: 'male' });
  });

  it('names the file that is not there and says how to give another', async () => {
    await using folder = await temporaryFolder();
    const csv = join(folder.path, 'absent.csv');
    const { report } = await runSteps([new LoadStep()], { csv });
    expect(report.error?.message).toBe(`Cannot read the CSV file ${csv}. Give another with --param csv=FILE.`);
    expect(report.error?.cause?.code).toBe('ENOENT');
  });

  it('says before any work that the folder for the models is not there', async () => {
    await using folder = await temporaryFolder();
    const output = join(folder.path, 'absent');
    const { report } = await runSteps([new LoadStep()], { output });
    expect(report.error?.message).toBe(`There is no folder ${output} to write models to. Make it first.`);
  });

  it('names the columns that a header lacks', async () => {
    const { report } = await load('species,island,beak\nAdelie,Dream,1\n');
    expect(report.error?.message).toMatch(
      /some\.csv: the header on line 1 has no column bill_length_mm, .*, sex\. It has: species, island, beak\.$/,
    );
  });

  it('names the line that has too few values', async () => {
    const { report } = await load(`${header}\n${good}\nAdelie,Torgersen\n`);
    expect(report.error?.message).toMatch(/some\.csv: .*line 3/);
  });

  it.each([
    ['an empty file', ''],
    ['a header alone', `${header}\n`],
    ['a file in which every row lacks something', `${header}\nAdelie,Torgersen,39.1,18.7,181,3750,NA\n`],
  ])('refuses %s', async (_title, text) => {
    const { report } = await load(text);
    expect(report.error?.message).toMatch(/some\.csv has no row in which nothing is missing\.$/);
  });
});
