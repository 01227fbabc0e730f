import { describe, expect, it } from 'vitest';
import { closestFirst, didYouMean } from './closest-first.js';

describe('closestFirst', () => {
  it('puts the likeliest word first and keeps the order of equals', () => {
    expect(closestFirst('stesp', ['name', 'params', 'steps', 'plugins'])).toEqual([
      'steps',
      'name',
      'params',
      'plugins',
    ]);
  });

  it('counts two swapped letters as one slip', () => {
    expect(closestFirst('nmae', ['nmxx', 'name'])).toEqual(['name', 'nmxx']);
  });
});

describe('didYouMean', () => {
  it('suggests what a slip of the finger explains', () => {
    expect(didYouMean('wieght', ['uses', 'weight'])).toBe("Did you mean 'weight'? ");
    expect(didYouMean('Weight', ['uses', 'weight'])).toBe("Did you mean 'weight'? ");
  });

  it('suggests a word that begins in the same way', () => {
    expect(didYouMean('training', ['dataset', 'train'])).toBe("Did you mean 'train'? ");
    expect(didYouMean('model', ['dataset', 'model_upload'])).toBe("Did you mean 'model_upload'? ");
    expect(didYouMean('the', ['dataset', 'there'])).toBe('');
  });

  it('does not suggest a word that only happens to be the nearest', () => {
    expect(didYouMean('timeout', ['uses', 'name'])).toBe('');
    expect(didYouMean('x', [])).toBe('');
  });
});
