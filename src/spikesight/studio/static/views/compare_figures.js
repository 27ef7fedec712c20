// Two runs in figures, and what the difference is.

import { compared } from '../compared.js';
import { brief } from '../lane.js';
import { card, count, element } from '../surface.js';

const write = (value) => (value === null ? '–' : Math.abs(value) >= 1000 ? count(Math.round(value)) : brief(value));

function gap({ one, other }) {
  if (one === null || other === null) return '–';
  const value = other - one;
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${write(Math.abs(value))}`;
}

export function mount(host, page) {
  const frame = card(host, 'In figures', openTable);
  const body = element('tbody');
  const head = element('tr');
  frame.body.append(element('div', { className: 'scroll' }, element('table', { className: 'figures' }, element('thead', {}, head), body)));
  let answer = null;

  const cells = (row) => [row.unit ? `${row.what}, ${row.unit}` : row.what, write(row.one), write(row.other), gap(row)];
  const columns = () => ['', ...(answer?.names ?? []), 'difference'];

  function openTable() {
    page.openTable('Two runs in figures', answer?.empty ?? 'Over the window that is shown', columns(), (answer?.rows ?? []).map(cells));
  }

  return {
    parameters: () => ({ ...compared(page), ...page.windowParameters(), at: page.cursor() }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      head.replaceChildren(...['', 'this', 'other', 'difference'].map((text) => element('th', { textContent: text, scope: 'col', className: text ? 'number' : '' })));
      body.replaceChildren(...given.rows.map((row) => element('tr', {}, ...cells(row).map((text, i) => element('td', { textContent: text, className: i ? 'number' : '' })))));
    },
    draw() {},
  };
}
