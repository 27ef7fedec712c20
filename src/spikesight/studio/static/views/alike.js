// Stimuli that the chosen population answered like the one at the cursor; a click goes to one.

import { picture, strength } from '../colour.js';
import { card, count, element } from '../surface.js';
import { clock } from '../time.js';
import { classTag, stimulusList } from './mistakes.js';

const SIDE = 22; // pixels of a picture

export function mount(host, page) {
  const frame = card(host, 'Stimuli like this one', openTable);
  const holder = element('div', { className: 'listed' });
  const note = element('p', { className: 'note' });
  frame.body.append(holder, note);
  let answer = null;
  let drawn = null;

  function small(i) {
    const [, rows, columns] = answer.pictures.shape;
    const canvas = element('canvas', { className: 'small-picture', width: 2 * SIDE, height: 2 * SIDE });
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Input of stimulus ${answer.stim[i]}`);
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = false;
    const levels = answer.pictures.subarray(i * rows * columns, (i + 1) * rows * columns);
    const scale = (2 * SIDE) / Math.max(rows, columns);
    context.drawImage(picture(levels, columns, rows, strength()), 0, 0, columns * scale, rows * scale);
    return canvas;
  }

  const outcome = (i) => (answer.correct[i] === 0 ? `taken for ${page.className(answer.prediction[i])}` : '');

  function draw() {
    const key = document.documentElement.dataset.theme;
    if (!answer?.t || drawn === key) return;
    drawn = key;
    const rows = Array.from(answer.stim, (stim, i) => ({
      stim,
      t: answer.t[i],
      parts: [
        ...(answer.pictures ? [small(i)] : []),
        classTag(answer.label[i], page),
        element('span', { className: 'note wrong', textContent: outcome(i) }),
        element('span', { className: 'note when', textContent: answer.cosine[i].toFixed(2), title: 'Cosine between the two answers: 1 is the same' }),
      ],
    }));
    holder.replaceChildren(stimulusList(rows, null, page));
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.stim, (stim, i) => [count(stim), clock(answer.t[i], true), page.className(answer.label[i]), page.className(answer.prediction[i]), answer.cosine[i].toFixed(3)]) : [];
    page.openTable('Stimuli like this one', answer?.empty ?? note.textContent, ['stimulus', 'at', 'label', 'prediction', 'cosine'], rows);
  }

  return {
    parameters: () => ({ at: page.cursor(), layer: page.layer() }),
    take(given) {
      answer = given;
      drawn = null;
      frame.empty(given.empty);
      if (given.empty) return;
      frame.note.textContent = `by the answer of ${given.layer}`;
      note.textContent = `Cosine between the spikes per unit, among ${count(given.searched)} stimuli.`;
    },
    draw,
  };
}
