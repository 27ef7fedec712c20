// What the file says of itself, in one line.

import { count, element } from '../surface.js';
import { length, rate } from './time.js';

const LARGE = ['bytes', 'kB', 'MB', 'GB', 'TB'];

function size(bytes) {
  const step = Math.min(LARGE.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${LARGE[step]}`;
}

/** Fill `host` with the facts of a file. */
export function tellFacts(host, notes, facts) {
  const share = facts.count ? Math.round((100 * facts.on) / facts.count) : 0;
  const told = {
    format: `${facts.format}${facts.variant ? ` · ${facts.variant}` : ''}`,
    sensor: `${facts.width} × ${facts.height}`,
    events: count(facts.count),
    ON: `${share} %`,
    rate: rate((facts.count / facts.duration) * 1e6),
    duration: length(facts.duration),
    'steps back': count(facts.backward_steps),
    gaps: facts.gap_count ? `${count(facts.gap_count)}, longest ${length(Math.max(...facts.gaps.map(([first, last]) => last - first)))}` : '0',
    ...(facts.trigger_count ? { triggers: count(facts.trigger_count) } : {}),
    ...(facts.frames ? { frames: count(facts.frames) } : {}),
    ...(facts.inertial ? { motion: `${count(facts.inertial)} samples` } : {}),
    file: size(facts.bytes),
    'first to last, µs': `${facts.t_first_us} – ${facts.t_last_us}`,
  };
  host.replaceChildren(element('dl', {}, ...Object.entries(told).map(([name, value]) => {
    const one = element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value, title: value }));
    one.dataset.fact = name;
    return one;
  })));
  const sorted = facts.backward_steps ? [`${count(facts.backward_steps)} events step back in time; they are shown in order of time.`] : [];
  notes.hidden = !facts.notes.length && !sorted.length;
  notes.textContent = [...facts.notes, ...sorted].join(' · ');
}
