// The inputs processed up to the cursor: an area per class, darker where more of them were recognised.

import { classColour, ink } from '../colour.js';
import { squarify } from '../squarify.js';
import { card, count, element, percent, surface } from '../surface.js';
import { clock } from '../time.js';

const GAP = 1.5;

export function mount(host, page) {
  const frame = card(host, 'Inputs processed', openTable);
  const holder = element('div', { className: 'treemap' });
  const note = element('p', { className: 'note' });
  frame.body.append(holder, note);
  const plot = surface(holder, () => draw());
  let answer = null;

  const name = (index) => answer.names[index] ?? String(index);
  const share = (index) => (answer.predicted[index] ? answer.right[index] / answer.predicted[index] : null);

  function draw() {
    const { context, width, height } = plot.begin();
    if (!answer?.shown) return;
    const order = [...answer.shown.keys()].filter((index) => answer.shown[index]).sort((a, b) => answer.shown[b] - answer.shown[a]);
    squarify(order.map((index) => answer.shown[index]), width, height).forEach((box, i) => tile(context, order[i], box));
  }

  function tile(context, index, { left, top, width, height }) {
    const [wide, tall] = [Math.max(0, width - GAP), Math.max(0, height - GAP)];
    context.fillStyle = classColour(index);
    context.globalAlpha = 0.16;
    context.fillRect(left, top, wide, tall);
    // What was recognised fills the tile from below: its share can be read as a height.
    context.globalAlpha = 0.3;
    const right = (share(index) ?? 0) * tall;
    context.fillRect(left, top + tall - right, wide, right);
    context.globalAlpha = 1;
    context.fillRect(left, top + tall - 2, wide, 2);
    if (wide < 26 || tall < 30) return;
    context.textBaseline = 'top';
    context.fillStyle = ink('ink');
    context.font = `650 13px ${ink('font')}`;
    context.fillText(name(index), left + 6, top + 5, wide - 8);
    context.font = `11px ${ink('font')}`;
    context.fillStyle = ink('soft');
    if (tall > 36) context.fillText(count(answer.shown[index]), left + 6, top + 22, wide - 8);
    if (tall > 52 && share(index) !== null) context.fillText(`${Math.round(100 * share(index))} %`, left + 6, top + 36, wide - 8);
  }

  function tell() {
    frame.note.textContent = `${count(answer.stimuli)} of ${count(answer.of)}, up to ${clock(answer.t)}`;
    const predicted = answer.predicted.reduce((a, b) => a + b, 0);
    const right = answer.right.reduce((a, b) => a + b, 0);
    note.textContent = predicted ? `Filled from below: the share recognised, ${percent(right / predicted)} over all.` : 'None of them was predicted so far.';
    const words = [...answer.shown.keys()].map((index) => `${name(index)}: ${answer.shown[index]}${share(index) === null ? '' : `, ${percent(share(index))} right`}`);
    plot.describe(`Inputs processed per class: ${words.join('; ')}`);
  }

  function openTable() {
    const rows = answer?.shown ? Array.from(answer.shown, (shown, index) => [name(index), count(shown), count(answer.right[index]), share(index) === null ? '–' : percent(share(index))]) : [];
    page.openTable('Inputs processed', answer?.empty ?? frame.note.textContent, ['class', 'inputs', 'recognised', 'share of those predicted'], rows);
  }

  return {
    parameters: () => ({ at: page.cursor() }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (!given.empty) tell();
    },
    draw,
  };
}
