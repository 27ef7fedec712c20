// Stimuli that were not recognised; a click goes to one.

import { classColour } from '../colour.js';
import { card, count, element } from '../surface.js';
import { clock } from '../time.js';

/** A list of stimuli: `rows` of {stim, t, parts: [elements]}; the one at `chosen` (a number) is marked. */
export function stimulusList(rows, chosen, page) {
  return element('ul', { className: 'stimulus-list' }, ...rows.map(({ stim, t, parts }) => {
    const button = element('button', { title: `Go to stimulus ${count(stim)}` }, element('span', { className: 'number', textContent: count(stim) }), ...parts);
    if (stim === chosen) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => page.pin(t));
    return element('li', {}, button);
  }));
}

/** A class as a small swatch with its name. */
export function classTag(index, page) {
  const swatch = element('i', { className: 'swatch' });
  swatch.style.background = classColour(index);
  return element('span', { className: 'tag' }, swatch, page.className(index));
}

export function mount(host, page) {
  const frame = card(host, 'Not recognised', openTable);
  const holder = element('div', { className: 'listed' });
  frame.body.append(holder);
  let answer = null;
  let drawn = null;

  function draw() {
    const chosen = answer?.t ? answer.stim[answer.t.findIndex((t, i) => Math.abs(t - page.moment()) < 1e-6 && answer.stim[i] >= 0)] : null;
    const key = `${document.documentElement.dataset.theme} ${chosen}`;
    if (!answer?.t || drawn === key) return;
    drawn = key;
    const rows = Array.from(answer.stim, (stim, i) => ({
      stim,
      t: answer.t[i],
      parts: [classTag(answer.label[i], page), element('span', { className: 'note', textContent: 'taken for' }), classTag(answer.prediction[i], page), element('span', { className: 'note when', textContent: clock(answer.t[i]) })],
    }));
    const above = holder.scrollTop;
    holder.replaceChildren(stimulusList(rows, chosen, page));
    holder.scrollTop = above;
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.stim, (stim, i) => [count(stim), clock(answer.t[i], true), page.className(answer.label[i]), page.className(answer.prediction[i])]) : [];
    page.openTable('Not recognised', answer?.empty ?? frame.note.textContent, ['stimulus', 'at', 'label', 'taken for'], rows);
  }

  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      drawn = null;
      const none = given.count === 0 ? (given.of ? 'Every stimulus in this window was recognised.' : 'Nothing was predicted in this window.') : null;
      frame.empty(given.empty ?? none);
      if (given.count) frame.note.textContent = `${count(given.count)} of ${count(given.of)} in the window`;
    },
    draw,
  };
}
