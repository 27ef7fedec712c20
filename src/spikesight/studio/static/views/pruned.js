// The share of synapses that are exactly zero over the run.

import { ink } from '../colour.js';
import { ends, lane, level, line } from '../lane.js';
import { percent } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Exactly zero', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const top = Math.max(0.01, ...answer.zeros);
    const y = (value) => height - 4 - (value / top) * (height - 8);
    level(context, width, y(0));
    // A snapshot holds until the next one.
    const t = [...answer.t, answer.t1].flatMap((moment, i) => (i ? [moment, moment] : [moment])).slice(0, -1);
    line(context, x, y, t, Array.from(answer.zeros).flatMap((share) => [share, share]), ink('accent'), 1.75);
    ends(context, width, height, percent(top), '');
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t, (t, i) => [clock(t, true), percent(answer.zeros[i])]) : [];
    page.openTable('Synapses that are exactly zero', answer?.empty ?? `Share of the weights of ${answer?.projection}`, ['time', 'share'], rows);
  }

  return {
    parameters: () => ({ projection: page.state.projection, t0: null, t1: null }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (!answer.empty) frame.tell(percent(answer.zeros.at(-1)), `of the synapses of ${answer.projection}`, `Share of the synapses of ${answer.projection} that are exactly zero: ${percent(answer.zeros[0])} at first, ${percent(answer.zeros.at(-1))} at last`);
    },
    draw: frame.draw,
  };
}
