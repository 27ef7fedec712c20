// The rate of every population over time, one under the other, each to its own top.

import { ink, layerColour } from '../colour.js';
import { band, brief, ends, lane, line } from '../lane.js';
import { count, element } from '../surface.js';
import { clock } from '../time.js';

const PAD = 3;

/** The middles of the bins and, in each, its value. */
export const middles = (first, width, values) => Float64Array.from(values, (_, i) => first + (i + 0.5) * width);

function one(index, name, page) {
  const host = element('div', { className: 'lane' });
  const frame = lane(host, page, name, draw, openTable);
  const swatch = element('i', { className: 'swatch' });
  frame.gutter.querySelector('h3').prepend(swatch);
  host.dataset.layer = name;
  let given = null;

  function draw({ context, width, height, x }) {
    swatch.style.background = layerColour(index);
    const top = Math.max(1e-9, ...given.hz);
    const y = (value) => height - 1 - (value / top) * (height - 2 * PAD);
    const t = middles(given.first, given.width, given.hz);
    band(context, x, y, t, new Float32Array(t.length), given.hz, layerColour(index), 0.12);
    line(context, x, y, t, given.hz, layerColour(index), 1.25);
    context.fillStyle = ink('line');
    context.fillRect(0, height - 1, width, 1);
    if (given.spikes) ends(context, width, height, `${brief(top)} Hz`);
  }

  function openTable() {
    const rows = given ? Array.from(given.hz, (hz, i) => [clock(given.first + i * given.width, true), hz.toFixed(3)]) : [];
    page.openTable(`Rate of ${name}`, given ? `${count(given.spikes)} spikes of ${count(given.size)} units` : '', ['from', 'Hz per unit'], rows);
  }

  return {
    host,
    draw: frame.draw,
    take(layer) {
      given = layer;
      frame.empty(layer.spikes ? null : `No spike of ${name} was recorded in this window.`);
      if (layer.spikes) frame.tell('', `${brief(layer.mean)} Hz a unit`, `Rate of ${name}: on average ${brief(layer.mean)} Hz per unit, at most ${brief(Math.max(...layer.hz))} Hz`);
    },
    /** The rate at time `t`, in words. */
    at(t) {
      const hz = given?.hz[Math.floor((t - given.first) / given.width)];
      return hz === undefined ? null : `${name} ${brief(hz)} Hz`;
    },
  };
}

export function mount(host, page) {
  host.className = 'multiples';
  const reason = element('p', { className: 'empty' });
  let lanes = [];

  return {
    parameters: () => ({ ...page.windowParameters(), bins: Math.max(100, Math.round((lanes[0]?.host.querySelector('canvas').clientWidth || 800) / 2)) }),
    take(answer) {
      if (answer.empty) {
        reason.textContent = answer.empty;
        lanes = [];
        host.replaceChildren(reason);
        return;
      }
      if (lanes.length !== answer.layers.length || lanes.some((lane, i) => lane.host.dataset.layer !== answer.layers[i].name)) {
        lanes = answer.layers.map((layer, i) => one(i, layer.name, page));
        host.replaceChildren(...lanes.map((lane) => lane.host));
      }
      answer.layers.forEach((layer, i) => lanes[i].take(layer));
    },
    draw: () => lanes.forEach((lane) => lane.draw()),
    under: (event) => lanes.find((lane) => lane.host.contains(event.target))?.at(page.timeAt(fraction(event))) ?? null,
  };
}

/** How far right in its canvas a pointer is, from 0 to 1. */
export function fraction(event) {
  const { left, width } = event.target.closest('.lane').querySelector('canvas').getBoundingClientRect();
  return (event.clientX - left) / width;
}
