// One drawer for the data behind every canvas.

import { element } from './surface.js';

export function tables(dialog) {
  const table = dialog.querySelector('table');

  return function open(title, note, columns, rows) {
    dialog.querySelector('h2').textContent = title;
    dialog.querySelector('.note').textContent = note;
    const head = element('thead', {}, element('tr', {}, ...columns.map((name) => Object.assign(element('th', { textContent: name }), { scope: 'col' }))));
    const body = element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((value) => element('td', { textContent: value })))));
    table.replaceChildren(head, body);
    dialog.showModal();
  };
}

/** Buttons marked data-close, and a click beside the dialog, close it. */
export function closable(dialog) {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('[data-close]')) dialog.close();
  });
}
