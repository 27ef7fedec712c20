// Spikes, updates of potentials and changes of weights over time, each as a share of its maximum; counts under the pointer.

import { ink, layerColour } from '../colour.js';
import { lane, line } from '../lane.js';
import { count, element } from '../surface.js';
import { clock, span } from '../time.js';
import { fraction, middles } from './rates.js';

const PAD = 4;
const rounded = (value) => (value >= 100 || Number.isInteger(value) ? count(Math.round(value)) : String(Number(value.toPrecision(3))));

export function mount(host, page) {
  const frame = lane(host, page, 'Work', draw, openTable);
  host.classList.add('workload');
  const legend = element('span', { className: 'legend' });
  frame.gutter.querySelector('.lane-figure').replaceWith(legend);
  let series = [];
  let answer = null;

  /** Each series: {name, colour, t, value, at(time)}, the changes of weights as steps from snapshot to snapshot. */
  function arrange() {
    const { first, width } = answer;
    const binned = (name, colour, values) => ({ name, colour, t: middles(first, width, values), value: values, at: (t) => values[Math.floor((t - first) / width)] });
    series = [binned('spikes', 0, answer.spikes)];
    if (answer.arrivals) series.push(binned('potential updates', 1, answer.arrivals));
    answer.weights.filter((one) => one.change.length).forEach((one, i) => {
      const t = Array.from(one.t0, (start, k) => [start, one.t1[k]]).flat();
      const place = (moment) => one.t0.findLastIndex((start) => start <= moment);
      series.push({
        name: answer.weights.length > 1 ? `change of ${one.projection}` : 'weight change',
        colour: 2 + i,
        t,
        value: Array.from(one.change, (value) => [value, value]).flat(),
        at: (moment) => (moment < one.t1.at(-1) ? one.change[place(moment)] : undefined),
      });
    });
    for (const one of series) one.top = Math.max(1e-12, ...one.value.filter((value, i) => Number.isFinite(value) && one.t[i] >= answer.t0 - width && one.t[i] <= answer.t1 + width));
  }

  function draw({ context, width, height, x }) {
    context.fillStyle = ink('line');
    for (const level of [0, 0.5, 1]) context.fillRect(0, Math.round(PAD + level * (height - 2 * PAD)), width, 1);
    for (const one of series) {
      line(context, x, (value) => PAD + (1 - value / one.top) * (height - 2 * PAD), one.t, one.value, layerColour(one.colour), 1.4);
    }
    [...legend.children].forEach((item, i) => { item.firstChild.style.background = layerColour(series[i].colour); });
  }

  function openTable() {
    const rows = answer?.spikes ? Array.from(answer.spikes, (spikes, i) => [clock(answer.first + i * answer.width, true), ...series.map((one) => {
      const value = one.at(answer.first + (i + 0.5) * answer.width);
      return value === undefined ? '' : rounded(value);
    })]) : [];
    page.openTable('Work per interval', answer?.empty ?? `Intervals of ${span(answer.width)}; the change of weights is the sum of absolute changes from one snapshot to the next, the one in which the interval lies`, ['from', ...series.map((one) => one.name)], rows);
  }

  return {
    parameters: () => ({ ...page.windowParameters(), bins: Math.max(100, Math.round((frame.plot.canvas.clientWidth || 800) / 3)) }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      arrange();
      legend.replaceChildren(...series.map((one) => element('span', { title: `At most ${rounded(one.top)} in an interval` }, element('i', { className: 'swatch' }), one.name)));
      frame.tell('', '', `Work per interval of ${span(given.width)}, each line as a share of its maximum: ${series.map((one) => `${one.name} at most ${rounded(one.top)}`).join(', ')}`);
    },
    draw: frame.draw,
    /** The counts of the interval under the pointer. */
    under(event) {
      if (!host.contains(event.target) || !series.length) return null;
      const t = page.timeAt(fraction(event));
      return series.map((one) => [one.name, one.at(t)]).filter(([, value]) => Number.isFinite(value)).map(([name, value]) => `${rounded(value)} ${name}`).join(' · ');
    },
  };
}
