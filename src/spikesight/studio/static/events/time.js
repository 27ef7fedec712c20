// Times of a recording: whole microseconds since its first event.

const numbers = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 6, maximumFractionDigits: 6 });

/** A moment to the microsecond: 1.234567 s. */
export const stamp = (us) => `${numbers.format(us / 1e6)} s`;

/** A length of time, short: 500 µs, 33 ms, 1.5 s, 2 min. */
export function length(us) {
  if (us < 1000) return `${Number(us.toPrecision(3))} µs`;
  if (us < 1e6) return `${Number((us / 1000).toPrecision(3))} ms`;
  if (us < 6e7) return `${Number((us / 1e6).toPrecision(3))} s`;
  return `${Number((us / 6e7).toPrecision(3))} min`;
}

/** A rate, short: 1.2 Mev/s. */
export function rate(perSecond) {
  if (perSecond >= 1e6) return `${Number((perSecond / 1e6).toPrecision(3))} Mev/s`;
  if (perSecond >= 1e3) return `${Number((perSecond / 1e3).toPrecision(3))} kev/s`;
  return `${Number(perSecond.toPrecision(3))} ev/s`;
}

/** The smallest of 1, 2, 5, 10, ... that is not below `least`. */
export function ladder(least) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((step) => step * ten).find((value) => value >= least);
}
