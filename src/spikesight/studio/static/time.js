// Times in words: h:mm:ss for whole seconds, milliseconds between them.

const STEPS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400,
];

const two = (number) => String(number).padStart(2, '0');

/** h:mm:ss, with three more digits where `seconds` is not whole and `exact` is asked for. */
export function clock(seconds, exact = false) {
  const milli = Math.round(Math.abs(seconds) * 1000);
  const whole = exact ? Math.floor(milli / 1000) : Math.round(milli / 1000);
  const text = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  const sign = seconds < 0 && milli > 0 ? '−' : '';
  return sign + text + (exact ? `.${String(milli % 1000).padStart(3, '0')}` : '');
}

/** A length of time, short: 350 ms, 3.52 s, 12 min 5 s, 2 h 3 min. */
export function span(seconds) {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

/** Marks for an axis from t0 to t1 with at most `most` labels: [{t, text}]. */
export function marks(t0, t1, most) {
  const step = STEPS.find((candidate) => (t1 - t0) / candidate <= most) ?? (t1 - t0) / most;
  const found = [];
  for (let i = Math.ceil(t0 / step - 1e-9); i * step <= t1 + step * 1e-9; i += 1) found.push(i * step);
  const whole = (t) => Math.abs(t - Math.round(t)) < step * 1e-3;
  const anchored = found.some(whole);
  return found.map((t, i) => {
    if (whole(t)) return { t, text: clock(t), strong: step < 1 };
    if (!anchored && i === 0) return { t, text: clock(t, true), strong: true };
    const milli = Math.round((t - Math.floor(t)) * 1e4) / 10;
    return { t, text: `${milli} ms`, strong: false };
  });
}
