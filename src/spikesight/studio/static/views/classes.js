// How many neurons stand for each class: the legend of the class colours.

import { bars } from '../bars.js';
import { card, count, element } from '../surface.js';

export function mount(host, page) {
  const frame = card(host, 'Neurons per class', openTable);
  const holder = element('figure', { className: 'votes' });
  frame.body.append(holder);
  let answer = null;

  function draw() {
    if (!answer || answer.empty) return;
    frame.note.textContent = answer.unassigned ? `${count(answer.unassigned)} of ${count(answer.class_of_unit.length)} without a class` : `all ${count(answer.class_of_unit.length)} of ${answer.layer}`;
    holder.replaceChildren(bars(answer.sizes, null, count, page.className), element('figcaption', { className: 'note', textContent: answer.source }));
  }

  function openTable() {
    const rows = answer?.class_of_unit ? Array.from(answer.class_of_unit, (owner, unit) => [unit, page.className(owner)]) : [];
    page.openTable('Class of each neuron', answer?.empty ?? answer?.source ?? '', ['unit', 'class'], rows);
  }

  return {
    parameters: () => ({}),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
    },
    draw,
  };
}
