// The weights into the chosen neuron over the run: mean, one standard deviation around it, the least and the most.

import { unitOf } from '../chooser.js';
import { ink } from '../colour.js';
import { band, brief, ends, lane, line } from '../lane.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'One neuron', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const [least, most] = [Math.min(...answer.low), Math.max(...answer.high)];
    const y = (value) => height - 4 - ((value - least) / (most - least || 1)) * (height - 8);
    const around = (sign) => answer.mean.map((mean, i) => mean + sign * answer.std[i]);
    band(context, x, y, answer.t, answer.low, answer.high, ink('faint'), 0.16);
    band(context, x, y, answer.t, around(-1), around(1), ink('accent'), 0.2);
    line(context, x, y, answer.t, answer.mean, ink('accent'), 1.75);
    ends(context, width, height, brief(most), brief(least));
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t, (t, i) => [clock(t, true), ...['mean', 'std', 'low', 'high'].map((name) => brief(answer[name][i]))]) : [];
    page.openTable('Weights into the neuron', answer?.empty ?? `${answer?.layer} ${answer?.unit}, ${answer?.projection}`, ['time', 'mean', 'standard deviation', 'least', 'most'], rows);
  }

  return {
    parameters() {
      const chosen = page.state.projection;
      const layer = chosen ? page.summary.projections.find((one) => one.name === chosen)?.post : page.layer();
      return { layer: chosen ? null : layer, projection: chosen, unit: unitOf(page, layer), t0: null, t1: null };
    },
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (answer.empty) return;
      frame.tell(brief(answer.mean.at(-1)), `mean into ${answer.layer} ${answer.unit}`, `Weights into neuron ${answer.unit} of ${answer.layer}: mean ${brief(answer.mean[0])} at first, ${brief(answer.mean.at(-1))} at last, standard deviation ${brief(answer.std.at(-1))}`);
    },
    draw: frame.draw,
  };
}
