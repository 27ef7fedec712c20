// The frame of a picture: a card that can be made the large one, and a surface in it.

import { card, element, surface } from '../surface.js';

/** A card in `host` called `title`, number `place` of the pictures; `draw` draws it. */
export function panel(host, page, title, place, draw, openTable) {
  const frame = card(host, title, openTable);
  const enlarge = element('button', { className: 'quiet enlarge', textContent: 'Enlarge', title: `Make this picture the large one (${place})` });
  enlarge.setAttribute('aria-label', `Enlarge: ${title}`);
  enlarge.addEventListener('click', () => page.set({ 'play.large': host.dataset.panel }));
  frame.tools.prepend(enlarge);
  const holder = element('div', { className: 'screen' });
  frame.body.append(holder);
  return { ...frame, plot: surface(holder, draw) };
}
