// How selective a population is, over the run: the median of its neurons, the middle half, and the chosen one.

import { unitOf } from '../chooser.js';
import { ink } from '../colour.js';
import { band, brief, ends, lane, level, line } from '../lane.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Selectivity', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const y = (value) => height - 5 - value * (height - 10);
    [0, 0.5, 1].forEach((part) => level(context, width, y(part)));
    const middle = Array.from(answer.t_start, (start, i) => (start + answer.t_end[i]) / 2);
    band(context, x, y, middle, answer.low, answer.high, ink('accent'));
    line(context, x, y, middle, answer.median, ink('accent'), 1.75);
    if (answer.unit) line(context, x, y, middle, answer.unit, ink('ink'), 1);
    ends(context, width, height, '1', '0');
  }

  function openTable() {
    const rows = answer?.median ? Array.from(answer.median, (value, i) => [clock(answer.t_start[i], true), brief(answer.low[i]), brief(value), brief(answer.high[i]), answer.unit ? brief(answer.unit[i]) : '']) : [];
    page.openTable('Selectivity over the run', answer?.empty ?? `Index (best - others) / (best + others) of the neurons of ${answer?.layer}, in blocks of stimuli`, ['from', 'lower quarter', 'median', 'upper quarter', `neuron ${page.state.unit ?? ''}`], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), unit: unitOf(page), t0: null, t1: null }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (answer.empty) return;
      const known = answer.median.filter(Number.isFinite);
      const last = known.at(-1) ?? NaN;
      frame.tell(brief(last), `${answer.layer}${answer.unit ? `, line: neuron ${page.state.unit}` : ''}`, `Median selectivity index of ${answer.layer} in ${answer.median.length} blocks of stimuli: ${brief(known[0] ?? NaN)} at first, ${brief(last)} at last`);
    },
    draw: frame.draw,
  };
}
