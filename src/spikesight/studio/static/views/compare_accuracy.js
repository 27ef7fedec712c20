// The accuracy of both runs, one over the other.

import { ink } from '../colour.js';
import { SIDES, compared, legend } from '../compared.js';
import { lane, level, line } from '../lane.js';
import { label, percent } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Accuracy', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const y = (value) => 6 + (1 - value) * (height - 12);
    for (const value of [0, 0.5, 1]) level(context, width, y(value));
    answer.curves.forEach(({ t, value }, i) => line(context, x, y, t, value, ink(SIDES[i]), i ? 1.25 : 1.75));
    context.textBaseline = 'middle';
    label(context, '100 %', 3, y(1) + 2);
  }

  function openTable() {
    const rows = (answer?.curves ?? []).flatMap(({ name, t, value }) => Array.from(t, (seconds, i) => [name, clock(seconds, true), percent(value[i])]));
    page.openTable('Accuracy of both runs', answer?.empty ?? '', ['run', 'time', 'accuracy'], rows);
  }

  return {
    parameters: () => ({ ...compared(page), ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      const last = given.curves.map(({ value }) => (value.length ? percent(value.at(-1)) : '–'));
      frame.tell('', '', `Accuracy of ${given.curves.map(({ name }) => name).join(' and ')}: ${last.join(' and ')} at the end`);
      frame.gutter.querySelector('.legend')?.remove();
      frame.gutter.append(legend(given.curves.map(({ name }) => name)));
    },
    draw: frame.draw,
  };
}
