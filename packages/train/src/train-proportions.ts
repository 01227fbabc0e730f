/** How much of a backend job's progress each step is, in percent: by what the steps usually take, unlike their weights. */
export const trainProportions: Readonly<Record<string, number>> = {
  dataset: 20,
  convert: 0,
  train: 75,
  model_upload: 5,
};
