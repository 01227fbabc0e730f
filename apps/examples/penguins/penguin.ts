import { z } from 'zod';

/** What the classifier looks at, in this order. */
export const measurements = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'] as const;

/** The columns of the CSV file. */
export const columns = ['species', 'island', ...measurements, 'sex'] as const;

/** One row of text becomes a penguin, if every value is one that a penguin can have. */
export const penguinSchema = z.object({
  species: z.enum(['Adelie', 'Chinstrap', 'Gentoo']),
  island: z.enum(['Biscoe', 'Dream', 'Torgersen']),
  bill_length_mm: numberBetween(20, 80),
  bill_depth_mm: numberBetween(5, 40),
  flipper_length_mm: numberBetween(100, 300),
  body_mass_g: numberBetween(1000, 10_000),
  sex: z.enum(['female', 'male']),
});

export type Penguin = z.infer<typeof penguinSchema>;

function numberBetween(low: number, high: number) {
  const error = `expected a number between ${low} and ${high}`;
  return z.coerce.number<string>({ error }).min(low, { error }).max(high, { error });
}
