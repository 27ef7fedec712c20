// With which run the one that is open is compared, and how the two are aligned: what all panels of Compare ask for.

import { choice } from './chooser.js';
import { element } from './surface.js';

const WAYS = [['time', 'By time', 'The same moment in both runs'], ['stimulus', 'By stimulus', 'As many stimuli shown in both runs']];

/** The other run: the one that was chosen, else the first that is not open. */
export function otherRun(page) {
  const others = page.runs.filter((name) => name !== page.state.run);
  return others.includes(page.state.other) ? page.state.other : others[0] ?? null;
}

/** The part of a question that says with what to compare. */
export const compared = (page) => ({ other: otherRun(page), align: page.state['compare.align'] ?? null });

/** The colours of the two runs: the accent, and the ink. */
export const SIDES = ['accent', 'ink'];

/** Buttons of the tab; returns what keeps them true. */
export function compareTools(page) {
  const runs = element('select', { className: 'runs', title: 'The run to compare with' });
  runs.setAttribute('aria-label', 'The run to compare with');
  const align = choice(page, 'compare.align', 'How the runs are aligned', WAYS);
  page.tools('compare').append(runs, align.group);
  runs.addEventListener('change', () => page.set({ other: runs.value }));
  let listed = null;
  return () => {
    const others = page.runs.filter((name) => name !== page.state.run);
    if (listed !== others.join('\n')) {
      listed = others.join('\n');
      runs.replaceChildren(...others.map((name) => element('option', { value: name, textContent: `with ${name}` })));
    }
    runs.disabled = others.length < 2;
    runs.hidden = !others.length;
    runs.value = otherRun(page) ?? '';
    align.tell();
  };
}

/** Where names share a long beginning, the end tells them apart. */
function short(names) {
  let shared = 0;
  while (names.every((name) => name[shared] !== undefined && name[shared] === names[0][shared])) shared += 1;
  return shared < 12 ? names : names.map((name) => `…${name.slice(shared - 2)}`);
}

/** The names of both runs in their colours. */
export function legend(names) {
  return element('p', { className: 'legend' }, ...short(names).map((text, i) => element('span', { title: names[i] }, element('i', { className: `side-${SIDES[i]}` }), text)));
}
