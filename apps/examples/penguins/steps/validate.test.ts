import { describe, expect, it } from 'vitest';
import { runSteps, temporaryFolder } from '../test/run-steps.js';
import { LoadStep } from './load.js';
import { ValidateStep } from './validate.js';

const header = 'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex';

async function validate(...lines: readonly string[]) {
  await using folder = await temporaryFolder();
  const csv = await folder.write('some.csv', [header, ...lines].join('\n'));
  return await runSteps([new LoadStep(), new ValidateStep()], { csv });
}

describe('validate', () => {
  it('turns every complete row of the real file into a penguin', async () => {
    const { context } = await runSteps([new LoadStep(), new ValidateStep()], {});
    expect(context.penguins).toHaveLength(333);
    expect(context.penguins[0]).toEqual({
      species: 'Adelie',
      island: 'Torgersen',
      bill_length_mm: 39.1,
      bill_depth_mm: 18.7,
      flipper_length_mm: 181,
      body_mass_g: 3750,
      sex: 'male',
    });
  });

  it('names the line, the column and the text of what is not a number', async () => {
    const { report } = await validate('Adelie,Dream,39.1,18.7,181,3750,male', 'Adelie,Dream,39.1,deep,181,3750,male');
    expect(report.error?.message).toContain('line 3: bill_depth_mm is "deep", expected a number between 5 and 40');
  });

  it.each([
    ['a species that is not known', 'Emperor,Dream,39.1,18.7,181,3750,male', /line 2: species is "Emperor", .*Adelie/],
    [
      'a measurement in another unit',
      'Adelie,Dream,3.91,18.7,181,3750,male',
      /line 2: bill_length_mm is "3.91", .*20 and 80/,
    ],
    [
      'a number that never ends',
      'Adelie,Dream,39.1,18.7,Infinity,3750,male',
      /line 2: flipper_length_mm is "Infinity"/,
    ],
  ])('refuses %s', async (_title, line, message) => {
    const { report, context } = await validate(line);
    expect(report.error?.message).toMatch(message);
    expect(context.penguins).toEqual([]);
  });

  it('shows the first five problems and counts the others', async () => {
    const { report } = await validate(...Array.from({ length: 7 }, () => 'Adelie,Dream,x,18.7,181,3750,male'));
    expect(report.error?.message.split('\n')).toHaveLength(7);
    expect(report.error?.message).toMatch(/line 6: .*\n {2}… and 2 more$/);
  });
});
