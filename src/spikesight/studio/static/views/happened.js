// The events over time: where each began, and how long a dip or a silence lasted.

import { ink } from '../colour.js';
import { lane } from '../lane.js';
import { count } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Events', draw, openTable);
  let answer = null;

  function draw({ context, width, height, x }) {
    const tall = Math.min(18, (height - 8) / Math.max(1, answer.events.length));
    answer.events.forEach((one, i) => {
      const y = 4 + i * tall;
      context.fillStyle = ink(one.better < 0 ? 'wrong' : one.better > 0 ? 'right' : 'soft');
      const left = x(one.t);
      const wide = ['dip', 'bump', 'silence'].includes(one.kind) ? Math.max(3, x(one.end) - left) : 3;
      context.globalAlpha = 0.25;
      context.fillRect(x(one.t - one.uncertain), y, Math.max(1, x(one.t + one.uncertain) - x(one.t - one.uncertain)), tall - 2);
      context.globalAlpha = 1;
      context.fillRect(left, y, wide, tall - 2);
      context.font = `11px ${ink('font')}`;
      context.textBaseline = 'middle';
      context.lineWidth = 3;
      context.strokeStyle = ink('sheet');
      const text = `${one.series} ${one.kind}`;
      const long = context.measureText(text).width;
      const at = left + wide + 5 + long < width ? left + wide + 5 : Math.max(2, left - 5 - long);
      context.strokeText(text, at, y + tall / 2 - 1);
      context.fillText(text, at, y + tall / 2 - 1);
    });
  }

  function openTable() {
    page.openTable('Events', answer?.empty ?? '', ['from', 'to', 'what'], (answer?.events ?? []).map((one) => [clock(one.t, true), clock(one.end, true), one.text]));
  }

  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      frame.empty(given.empty ?? (given.events.length ? null : 'No event in this run.'));
      if (given.events?.length) frame.tell('', `${count(given.events.length)} in the run`, given.events.map((one) => one.text).join(' '));
    },
    draw: frame.draw,
  };
}
