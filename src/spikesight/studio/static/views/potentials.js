// A state variable of recorded units over time; a short stroke on top marks each spike of the same unit.

import { ink, layerColour } from '../colour.js';
import { brief, ends, lane, line } from '../lane.js';
import { element } from '../surface.js';
import { clock } from '../time.js';

const SPIKE = 7; // pixels of a stroke
const UNITS = { v: ['mV', 1e3], theta: ['mV', 1e3], threshold: ['mV', 1e3] };
const MOST_ROWS_IN_TABLE = 500;

export function mount(host, page) {
  const frame = lane(host, page, 'Potential', draw, openTable);
  const field = element('select', { title: 'Which state variable' });
  field.setAttribute('aria-label', field.title);
  field.addEventListener('change', () => page.set({ 'potentials.of': field.value }));
  const title = element('button', { className: 'fold' }, element('span', { textContent: 'Potential' }));
  title.addEventListener('click', () => page.set({ 'potentials.folded': folded() ? null : 'yes' }));
  frame.gutter.querySelector('h3').replaceChildren(title);
  frame.gutter.append(field);
  host.classList.add('potential');
  let answer = null;

  const folded = () => page.state['potentials.folded'] === 'yes';
  const scale = () => UNITS[answer.of.split('.').at(-1)] ?? ['', 1];

  function draw({ context, width, height, x }) {
    const values = answer.lines.flatMap((one) => Array.from(one.value).filter(Number.isFinite));
    const [low, high] = [Math.min(...extremes(values)), Math.max(...extremes(values))];
    const y = (value) => SPIKE + 4 + (1 - (value - low) / (high - low || 1)) * (height - SPIKE - 8);
    const [name, factor] = scale();
    answer.lines.forEach((one, i) => {
      const at = (t) => x(answer.t0 + t);
      const colour = layerColour(i);
      line(context, at, y, one.t, one.value, colour, one.t.length > width ? 1 : 1.4);
      context.fillStyle = colour;
      for (const t of one.spikes) context.fillRect(at(t) - 0.75, 1, 1.5, SPIKE);
    });
    ends(context, width, height, `${brief(high * factor)} ${name}`, `${brief(low * factor)} ${name}`);
    context.font = `10px ${ink('font')}`;
    context.textBaseline = 'bottom';
    answer.lines.forEach((one, i) => {
      context.fillStyle = layerColour(i);
      context.fillText(String(one.unit), 4 + 30 * i, height - 1);
    });
  }

  function extremes(values) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return [low, high];
  }

  function openTable() {
    const rows = (answer?.lines ?? []).flatMap((one) => Array.from(one.t.subarray(0, MOST_ROWS_IN_TABLE), (t, i) => [one.unit, clock(answer.t0 + t, true), one.value[i].toPrecision(5)]));
    page.openTable(answer?.of ?? 'Potential', answer?.empty ?? answer?.why ?? `SI units; up to ${MOST_ROWS_IN_TABLE} samples of each unit`, ['unit', 'time', 'value'], rows);
  }

  return {
    parameters: () => (folded() ? null : {
      ...page.windowParameters(), of: page.state['potentials.of'], layer: page.layer(), unit: page.state.unit, bins: Math.max(100, frame.plot.canvas.clientWidth || 800),
    }),
    take(given) {
      answer = given;
      const known = given.known ?? [];
      field.hidden = known.length < 2;
      field.replaceChildren(...known.map((name) => element('option', { value: name, textContent: name })));
      field.value = given.of ?? '';
      frame.empty(given.empty ?? given.why);
      if (!given.empty && !given.why) frame.tell('', `${given.of}, unit ${given.lines.map((one) => one.unit).join(', ')}`, `${given.of} of units ${given.lines.map((one) => one.unit).join(', ')} between ${clock(given.t0, true)} and ${clock(given.t1, true)}, with ${given.lines.reduce((sum, one) => sum + one.spikes.length, 0)} spikes`);
    },
    draw() {
      // Where no variable was recorded, an empty lane under every raster would only be in the way.
      host.hidden = !folded() && (!answer || Boolean(answer.empty));
      host.classList.toggle('folded', folded());
      title.setAttribute('aria-expanded', !folded());
      title.title = folded() ? 'Show the potential' : 'Hide the potential';
      if (!host.hidden && !folded()) frame.draw();
    },
  };
}
