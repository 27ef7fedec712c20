// Marks as flags on the time axis.

import { flag } from '../flags.js';
import { ink } from '../colour.js';
import { lane } from '../lane.js';
import { count } from '../surface.js';
import { clock } from '../time.js';
import { fraction } from './rates.js';

const NEAR = 6; // pixels from a flag at which the pointer is on it

export function mount(host, page) {
  const frame = lane(host, page, 'Marks', draw, openTable);
  host.classList.add('marks');
  let answer = null;

  const words = (i) => answer.texts[i] || answer.names[i];

  function draw({ context, width, height, x }) {
    context.font = `11px ${ink('font')}`;
    context.textBaseline = 'middle';
    let free = -Infinity;
    answer.t.forEach((t, i) => {
      const left = x(t);
      flag(context, left, 2, height - 2);
      const next = i + 1 < answer.t.length ? x(answer.t[i + 1]) : width;
      const wide = context.measureText(words(i)).width;
      if (left < free || left + 12 + wide > Math.min(width, next - 4)) return;
      context.fillStyle = ink('soft');
      context.fillText(words(i), left + 11, 7);
      free = left + 18 + wide;
    });
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t, (t, i) => [clock(t, true), answer.names[i], answer.texts[i]]) : [];
    page.openTable('Marks in the window', answer?.empty ?? `${count(answer?.count ?? 0)} marks`, ['time', 'name', 'text'], rows);
  }

  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (!given.empty) frame.tell('', count(given.count), `${given.count} marks: ${given.texts.slice(0, 12).join(', ')}`);
    },
    draw() {
      // A run without marks needs no lane for them.
      host.hidden = !answer || (!answer.empty && answer.count === 0 && page.state.t0 === null);
      if (!host.hidden) frame.draw();
    },
    under(event) {
      if (!host.contains(event.target) || !answer?.t) return null;
      const { t0, t1 } = page.window();
      const near = (NEAR / host.querySelector('canvas').clientWidth) * (t1 - t0);
      const t = page.timeAt(fraction(event));
      const place = answer.t.findIndex((one) => Math.abs(one - t) <= near);
      return place < 0 ? null : words(place);
    },
  };
}
