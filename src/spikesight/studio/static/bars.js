// Bars, one per class, in HTML: readable without a canvas.

import { classColour } from './colour.js';
import { element } from './surface.js';

/** A mean in three characters: .24, 2.4, 24. */
export const short = (value) => (value < 0.995 ? value.toFixed(2).slice(1) : value.toFixed(value < 9.95 ? 1 : 0));

/** Bars of `values` per class; `marked` is a class to frame, `text(value)` the number above a bar, `name(index)` what is below. */
export function bars(values, marked, text, name = String) {
  const top = Math.max(1e-9, ...values);
  const list = element('ol', { className: 'bars' });
  Array.from(values).forEach((value, index) => {
    const bar = element('i');
    bar.style.height = `${Math.max(value > 0 ? 3 : 1, (100 * value) / top)}%`;
    bar.style.background = value > 0 ? classColour(index) : '';
    const column = element('li', {}, element('b', { textContent: value > 0 ? text(value) : '' }), element('span', {}, bar), element('em', { textContent: name(index), title: name(index) }));
    if (index === marked) column.className = 'marked';
    column.setAttribute('aria-label', `class ${name(index)}: ${text(value)}`);
    list.append(column);
  });
  return list;
}
