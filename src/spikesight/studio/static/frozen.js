// Takes the place of server.js in a report: what was asked before is answered, of the nearest moment that was kept.

import { Latest, decode } from './asking.js';

const kept = JSON.parse(document.getElementById('frozen').textContent);
const opened = new Map();

if (!location.hash) history.replaceState(null, '', `#${new URLSearchParams(Object.entries(kept.state).map(([name, value]) => [name, String(value)]))}`);

function unpacked(one) {
  if (!opened.has(one)) opened.set(one, decode(Uint8Array.from(atob(one.packed), (letter) => letter.charCodeAt(0)).buffer));
  return opened.get(one);
}

export const runs = async () => kept.runs;
export const views = async () => kept.views;

/** There is no run here of which another report could be made. */
export const canReport = false;

const moments = [...new Set(Object.values(kept.answers).flat().map((one) => one.at))].sort((a, b) => a - b);

/** The moments that were kept before and after `at`: here they are what playback steps through. */
function steps(at) {
  const apart = 1e-6; // the page rounds to a microsecond
  return { before: moments.findLast((one) => one < at - apart) ?? null, after: moments.find((one) => one > at + apart) ?? null };
}

/** The answer of `view` at the moment nearest to the one that is asked for; of the newest where none is. */
export async function ask(_, run, view, { at }) {
  if (view === 'steps') return steps(at);
  const all = kept.answers[view];
  if (!all) return { empty: 'A report keeps what the page showed. This needs the run itself: spikesight look.' };
  const asked = at ?? Infinity;
  const nearest = all.reduce((best, one) => (Math.abs(one.at - asked) < Math.abs(best.at - asked) ? one : best), all.at(-1));
  return { ...unpacked(nearest), revision: 0 };
}

/** The same as JSON. */
export async function text(token, run, view, parameters) {
  return JSON.stringify(await ask(token, run, view, parameters), (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value));
}

export { Latest };
