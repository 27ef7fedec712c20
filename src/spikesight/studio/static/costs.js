// What the panels of Cost share: the question with its assumptions, and how joules are written.

export const FIGURES = [
  ['synaptic', 'a synaptic operation'],
  ['multiply', 'a multiply-accumulate of a dense network'],
  ['update', 'advancing a neuron by a step'],
];

/** The assumptions that the page asks with: published ones, and figures of the person's own. */
export const assumptions = (page) => Object.fromEntries(['chip', ...FIGURES.map(([name]) => name)].map((name) => [name, page.state[`cost.${name}`] ?? null]));

const UNITS = [['J', 1], ['mJ', 1e-3], ['µJ', 1e-6], ['nJ', 1e-9], ['pJ', 1e-12], ['fJ', 1e-15]];

/** Joules in three digits. */
export function joules(value) {
  if (value === null || !Number.isFinite(value)) return '–';
  const [unit, size] = UNITS.find(([, least]) => value >= least) ?? UNITS.at(-1);
  return `${Number((value / size).toPrecision(3))} ${unit}`;
}

const LARGE = [['T', 1e12], ['G', 1e9], ['M', 1e6], ['k', 1e3]];

/** A large number in three digits: 1.2 G. */
export function large(value) {
  const [letter, size] = LARGE.find(([, least]) => value >= least) ?? ['', 1];
  return `${Number((value / size).toPrecision(3))}${letter && ` ${letter}`}`;
}
