/** One penguin as the classifier sees it. */
export interface Example {
  label: string;
  features: number[];
}

/** Multinomial logistic regression: for each class a weight for every (standardised) feature, and a bias. */
export interface Model {
  classes: string[];
  mean: number[];
  scale: number[];
  weights: number[][];
  bias: number[];
}

export interface Evaluation {
  accuracy: number;
  classes: string[];
  /** `confusion[truth][predicted]`: how many, in the order of `classes`. */
  confusion: number[][];
}
