// How well each class was recognised, over time: a row a class.

import { ink, strength } from '../colour.js';
import { lane } from '../lane.js';
import { percent } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = lane(host, page, 'Recognised', draw, openTable);
  let answer = null;

  function draw({ context, height, x }) {
    const [rows, bins] = answer.right.shape;
    const tall = height / rows;
    const table = strength();
    answer.right.forEach((share, i) => {
      if (!Number.isFinite(share)) return;
      const level = Math.round(255 * share) * 3;
      const left = x(answer.first + (i % bins) * answer.width);
      context.fillStyle = `rgb(${table.slice(level, level + 3).join(' ')})`;
      context.fillRect(left, Math.floor(i / bins) * tall, Math.max(1, x(answer.first + ((i % bins) + 1) * answer.width) - left) + 0.4, tall - (tall > 6 ? 1 : 0));
    });
    if (tall < 9) return;
    context.font = `600 10px ${ink('font')}`;
    context.textBaseline = 'middle';
    context.lineWidth = 3;
    context.strokeStyle = ink('sheet');
    context.fillStyle = ink('ink');
    answer.classes.forEach((label, row) => {
      context.strokeText(page.className(label), 3, (row + 0.5) * tall);
      context.fillText(page.className(label), 3, (row + 0.5) * tall);
    });
  }

  function openTable() {
    const bins = answer?.right?.shape[1] ?? 1;
    const rows = answer?.right ? Array.from(answer.right, (share, i) => [page.className(answer.classes[Math.floor(i / bins)]), clock(answer.first + (i % bins) * answer.width, true), answer.shown[i], Number.isFinite(share) ? percent(share) : '–']) : [];
    page.openTable('Recognised, class by class', answer?.empty ?? '', ['class', 'from', 'stimuli', 'right'], rows);
  }

  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      frame.tell('', 'share right of each class; full strength is all', `Share of right answers of ${given.classes.length} classes over time`);
    },
    draw: frame.draw,
  };
}
