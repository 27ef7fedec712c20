// The stimuli of the chosen cell of the confusion matrix; a click goes to one.

import { card, count, element } from '../surface.js';
import { clock } from '../time.js';
import { classTag, stimulusList } from './mistakes.js';

export function mount(host, page) {
  const frame = card(host, 'Stimuli of the cell', openTable);
  const holder = element('div', { className: 'listed' });
  const look = element('button', { className: 'quiet', textContent: 'See the input', title: 'Show the stimulus at the cursor on the tab Input' });
  look.addEventListener('click', () => page.go('input'));
  frame.tools.prepend(look);
  frame.body.append(holder);
  let answer = null;

  const cell = () => {
    const [label, taken] = (page.state['confusion.cell'] ?? '').split('-');
    return { label: label || null, taken: taken ?? null };
  };

  function openTable() {
    page.openTable('Stimuli of the cell', answer?.empty ?? frame.note.textContent, ['stimulus', 'at'], answer?.t ? Array.from(answer.stim, (stim, i) => [count(stim), clock(answer.t[i], true)]) : []);
  }

  return {
    parameters: () => ({ ...page.windowParameters(), ...cell() }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      look.hidden = Boolean(given.empty);
      if (given.empty) return;
      frame.note.textContent = `${count(given.count)} in the window`;
      const rows = Array.from(given.stim, (stim, i) => ({ stim, t: given.t[i], parts: [classTag(given.label, page), element('span', { className: 'note', textContent: given.taken < 0 ? 'not predicted' : given.taken === given.label ? 'recognised' : 'taken for' }), ...(given.taken >= 0 && given.taken !== given.label ? [classTag(given.taken, page)] : []), element('span', { className: 'note when', textContent: clock(given.t[i]) })] }));
      holder.replaceChildren(stimulusList(rows, null, page));
    },
    draw() {},
  };
}
