// When each unit spiked first during the stimulus at the cursor: the darker, the earlier.

import { channelMaps } from '../channel_maps.js';
import { strength } from '../colour.js';
import { card, count, element } from '../surface.js';
import { span } from '../time.js';

const FAINTEST = 40; // level of the latest spike, so that late is not never
const LATE = 0.95; // share of the spikes that are not at the faintest level

export function mount(host, page) {
  const frame = card(host, 'First spikes', openTable);
  const scale = element('div', { className: 'scale' });
  let answer = null;
  let shown = null;
  const maps = channelMaps(frame.body, page, () => shown, () => answer.layer, note, (value) => (Number.isFinite(value) ? `after ${span(value)}` : 'no spike'));
  frame.body.append(scale);

  function note(words) {
    if (!answer?.latency) return;
    const range = answer.first === null ? 'no spike' : `from ${span(answer.first)} to ${span(answer.last)} after its start`;
    frame.say(words ?? `${count(answer.spiked)} of ${count(answer.units)} units of ${answer.layer} spiked in ${answer.words}, ${range}`, Boolean(words));
  }

  function draw() {
    if (!shown) return;
    maps.draw();
    maps.plot.describe(`Time of the first spike of every unit of ${answer.layer} in ${answer.words}: ${frame.note.textContent}`);
    const colour = (level) => `rgb(${strength().slice(level * 3, level * 3 + 3).join(' ')})`;
    const bar = element('i');
    bar.style.background = `linear-gradient(to right, ${[255, 200, 150, 95, FAINTEST].map(colour).join(', ')})`;
    scale.hidden = answer.first === null;
    if (!scale.hidden) scale.replaceChildren(element('span', { textContent: span(answer.first) }), bar, element('span', { textContent: answer.last > shown.late ? `${span(shown.late)} or later` : span(shown.late) }));
  }

  function openTable() {
    if (!answer?.latency) return page.openTable('First spikes', answer?.empty ?? '', [], []);
    const units = Array.from(answer.latency.keys()).filter((unit) => Number.isFinite(answer.latency[unit])).sort((a, b) => answer.latency[a] - answer.latency[b]);
    return page.openTable('First spikes', frame.note.textContent, ['unit', 'after'], units.slice(0, 1000).map((unit) => [unit, span(answer.latency[unit])]));
  }

  return {
    parameters: () => ({ layer: page.state.layer, at: page.cursor() }),
    take(given) {
      answer = given;
      shown = null;
      frame.empty(answer.empty);
      if (answer.empty) return;
      const known = answer.latency.filter(Number.isFinite).sort();
      const late = known.length ? known[Math.ceil((known.length - 1) * LATE)] : 0;
      const part = (value) => Math.min(1, (value - answer.first) / (late - answer.first || 1));
      shown = { values: answer.latency, late, levels: Uint8Array.from(answer.latency, (value) => (Number.isFinite(value) ? 255 - (255 - FAINTEST) * part(value) : 0)) };
      note(null);
    },
    draw,
  };
}
