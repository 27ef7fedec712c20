// How much weights changed from snapshot to snapshot: a bar an interval, the chosen neuron as a line.

import { unitOf } from '../chooser.js';
import { ink } from '../colour.js';
import { brief, ends, lane, level } from '../lane.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Change', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const most = (values) => Math.max(1e-12, ...values.filter(Number.isFinite));
    const top = most(answer.change);
    const scaled = (full) => (value) => height - 3 - (value / full) * (height - 7);
    const y = scaled(top);
    level(context, width, height - 3);
    context.fillStyle = ink('accent');
    context.globalAlpha = 0.5;
    for (let i = 1; i < answer.t.length; i += 1) {
      const left = x(answer.t[i - 1]);
      context.fillRect(left, y(answer.change[i]), Math.max(1, x(answer.t[i]) - left - 1), height - 3 - y(answer.change[i]));
    }
    context.globalAlpha = 1;
    // One neuron may change a hundred times as much as all do on average: its line has a scale of its own.
    if (answer.unit) steps(context, x, scaled(most(answer.unit.change)));
    ends(context, width, height, answer.unit ? `all ${brief(top)}, neuron ${brief(most(answer.unit.change))}` : brief(top), '');
  }

  function steps(context, x, y) {
    context.beginPath();
    const { t, change } = answer.unit;
    for (let i = 1; i < t.length; i += 1) {
      context.lineTo(x(t[i - 1]), y(change[i]));
      context.lineTo(x(t[i]), y(change[i]));
    }
    context.strokeStyle = ink('ink');
    context.lineWidth = 1;
    context.stroke();
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t.subarray(1), (t, i) => [clock(answer.t[i], true), clock(t, true), brief(answer.change[i + 1])]) : [];
    page.openTable('Weight change', answer?.empty ?? `Mean absolute change of a weight of ${answer?.projection} between snapshots`, ['from', 'to', 'change'], rows);
  }

  return {
    parameters: () => ({ projection: page.state.projection, unit: unitOf(page), t0: null, t1: null }),
    take(given) {
      answer = given;
      frame.empty(answer.empty ?? (answer.t.length < 2 ? 'One snapshot of the weights so far: a change needs two.' : null));
      if (answer.empty || answer.t.length < 2) return;
      frame.tell(brief(answer.change.at(-1)), answer.unit ? `a weight; line: neuron ${page.state.unit}` : 'a weight, on average', `Mean absolute change of the weights of ${answer.projection} between ${answer.t.length} snapshots: ${brief(answer.change[1])} at first, ${brief(answer.change.at(-1))} at last`);
    },
    draw: frame.draw,
  };
}
