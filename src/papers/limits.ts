// How long the parts of a paper may be, in characters; how many authors and categories it may have.

export const LIMITS = {
  title: 1_000,
  abstract: 20_000,
  author: 200,
  authors: 5_000,
  fact: 1_000,
  categories: 50,
} as const;
