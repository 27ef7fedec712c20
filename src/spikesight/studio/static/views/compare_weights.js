// The weights of both runs at the cursor: two outlines on common bins.

import { ink } from '../colour.js';
import { SIDES, compared, legend } from '../compared.js';
import { brief } from '../lane.js';
import { card, element, label, percent, surface } from '../surface.js';

export function mount(host, page) {
  const frame = card(host, 'Weights of both', openTable);
  const holder = element('div', { className: 'short' });
  const words = element('p', { className: 'note' });
  const names = element('div');
  frame.body.append(holder, names, words);
  const plot = surface(holder, () => draw());
  let answer = null;

  function outline(context, shares, colour, box, top) {
    context.beginPath();
    shares.forEach((share, i) => {
      const y = box.bottom - Math.sqrt(share / top) * box.height;
      context.lineTo((i / shares.length) * box.width, y);
      context.lineTo(((i + 1) / shares.length) * box.width, y);
    });
    context.strokeStyle = ink(colour);
    context.lineWidth = 1.5;
    context.stroke();
  }

  function draw() {
    if (!answer?.one) return;
    const { context, width, height } = plot.begin();
    const box = { width, height: height - 22, bottom: height - 16 };
    const top = Math.max(...answer.one, ...answer.other);
    [answer.one, answer.other].forEach((shares, i) => outline(context, shares, SIDES[i], box, top));
    context.textBaseline = 'middle';
    label(context, brief(answer.low), 0, height - 7);
    context.textAlign = 'right';
    label(context, brief(answer.high), width, height - 7);
    context.textAlign = 'left';
    label(context, `most: ${percent(top)} of the weights; the height is its square root`, 4, 6);
  }

  function openTable() {
    const wide = answer?.one ? (answer.high - answer.low) / answer.one.length : 0;
    const rows = answer?.one ? Array.from(answer.one, (share, i) => [brief(answer.low + i * wide), percent(share), percent(answer.other[i])]) : [];
    page.openTable('Weights of both runs', answer?.empty ?? words.textContent, ['from', ...(answer?.names ?? [])], rows);
  }

  return {
    parameters: () => ({ ...compared(page), at: page.cursor(), projection: page.state.projection }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      frame.note.textContent = given.projection;
      names.replaceChildren(legend(given.names));
      words.textContent = `Mean ${brief(given.mean[0])} and ${brief(given.mean[1])}, spread ${brief(given.std[0])} and ${brief(given.std[1])}.`;
      plot.describe(`Distribution of the weights of ${given.projection} in both runs. ${words.textContent}`);
    },
    draw,
  };
}
