// One neuron over the window: its spikes, one by one or as a rate, and its potential where that was recorded.

import { layerColour, ink } from '../colour.js';
import { unitOf } from '../chooser.js';
import { band, brief, lane, line } from '../lane.js';
import { count, label } from '../surface.js';
import { clock } from '../time.js';

const MOST_IN_TABLE = 500;

export function mount(host, page) {
  const frame = lane(host, page, 'Neuron', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const tall = answer.potential ? 16 : height - 8;
    const top = answer.potential ? 2 : 4;
    const colour = layerColour(page.summary.layers.findIndex((one) => one.name === answer.layer));
    context.fillStyle = ink('line');
    context.fillRect(0, top + tall, width, 1);
    if (answer.t) spikes(context, x, colour, top, tall);
    else rate(context, x, colour, top, tall);
    if (answer.potential) potential(context, x, colour, top + tall + 8, height - 6);
    if (!answer.spikes) label(context, 'no spike in this window', width / 2 - 50, top + tall / 2 - 5);
  }

  function spikes(context, x, colour, top, tall) {
    context.fillStyle = colour;
    context.globalAlpha = answer.t.length > 1500 ? 0.6 : 1;
    const wide = answer.t.length > 800 ? 1 : 1.6;
    for (const t of answer.t) context.fillRect(x(answer.t0 + t) - wide / 2, top, wide, tall);
    context.globalAlpha = 1;
  }

  function rate(context, x, colour, top, tall) {
    const most = Math.max(1, ...answer.counts);
    const { first, width } = answer.grid;
    context.fillStyle = colour;
    answer.counts.forEach((value, i) => {
      const high = (value / most) * tall;
      context.fillRect(x(first + i * width), top + tall - high, Math.max(1, x(first + width) - x(first)), high);
    });
  }

  function potential(context, x, colour, top, bottom) {
    const { t, low, high, variable } = answer.potential;
    const least = Math.min(...low);
    const most = Math.max(...high);
    const y = (value) => bottom - ((value - least) / (most - least || 1)) * (bottom - top);
    const times = Array.from(t, (one) => answer.t0 + one);
    band(context, x, y, times, low, high, colour, 0.3);
    line(context, x, y, times, high, colour, 1.2);
    context.textBaseline = 'top';
    label(context, `${variable} ${brief(most)}`, 3, top);
    context.textBaseline = 'bottom';
    label(context, brief(least), 3, bottom);
  }

  function openTable() {
    const found = answer?.t ? Array.from(answer.t.subarray(0, MOST_IN_TABLE), (t) => [clock(answer.t0 + t, true)]) : [];
    const note = answer?.t ? `${count(answer.spikes)} spikes in the window${answer.spikes > found.length ? `; the first ${found.length} are listed` : ''}` : 'Too many spikes to list them: zoom in.';
    page.openTable('Spikes of the neuron', answer?.empty ?? note, ['time'], found);
  }

  return {
    parameters: () => ({ layer: page.layer(), unit: unitOf(page), ...page.windowParameters(), bins: Math.ceil(frame.plot.canvas.clientWidth || 800) }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (answer.empty) return;
      const seconds = answer.t1 - answer.t0;
      host.classList.toggle('with-potential', answer.potential !== null);
      frame.tell(`${answer.layer} ${answer.unit}`, `${count(answer.spikes)} spikes, ${brief(answer.spikes / seconds)} Hz`, `${count(answer.spikes)} spikes of neuron ${answer.unit} of ${answer.layer} between ${clock(answer.t0, true)} and ${clock(answer.t1, true)}${answer.potential ? `, with ${answer.potential.variable}` : ''}`);
    },
    draw: frame.draw,
  };
}
