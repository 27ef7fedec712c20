// How many neurons do not spike at all in each part of the window, and how many can hardly spike more.

import { ink } from '../colour.js';
import { ends, lane, level } from '../lane.js';
import { count } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Silent', draw, openTable);
  let answer = null;

  function steps(context, x, y, values, colour, alpha) {
    context.fillStyle = colour;
    context.globalAlpha = alpha;
    values.forEach((value, i) => {
      const left = x(answer.t[i]);
      context.fillRect(left, y(value), Math.max(1, x(answer.t[i + 1]) - left - 0.5), y(0) - y(value));
    });
    context.globalAlpha = 1;
  }

  function draw({ context, width, height, x }) {
    const all = answer.hertz.length;
    const y = (value) => height - 3 - (value / all) * (height - 7);
    level(context, width, y(0));
    steps(context, x, y, answer.quiet, ink('faint'), 0.55);
    steps(context, x, y, answer.saturated_then, ink('wrong'), 0.75);
    ends(context, width, height, `${count(all)} neurons`, '');
  }

  function openTable() {
    const rows = answer?.quiet ? Array.from(answer.quiet, (value, i) => [clock(answer.t[i], true), count(value), count(answer.saturated_then[i])]) : [];
    page.openTable('Silent neurons', answer?.empty ?? `Of ${count(answer?.hertz.length ?? 0)} neurons of ${answer?.layer}`, ['from', 'without a spike', 'saturated'], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (answer.empty) return;
      const last = answer.quiet.at(-1);
      const saturated = answer.saturated_then.some((value) => value > 0);
      frame.tell(`${count(last)} of ${count(answer.hertz.length)}`, saturated ? 'grey: silent, red: saturated' : 'do not spike', `Neurons of ${answer.layer} without a spike in each of ${answer.quiet.length} parts of the window: ${count(answer.quiet[0])} in the first, ${count(last)} in the last`);
    },
    draw: frame.draw,
  };
}
