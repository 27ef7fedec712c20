// One drawer for the data behind every canvas.

import { save } from './saving.js';
import { element } from './surface.js';

/** A cell of a CSV file: quoted where it needs to be. */
const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

export function tables(dialog) {
  const table = dialog.querySelector('table');

  let shown = { title: '', lines: [] };
  dialog.querySelector('[data-save]').addEventListener('click', () => {
    const text = shown.lines.map((line) => Array.from(line, cell).join(',')).join('\n');
    save(`${shown.title}.csv`, new Blob([`${text}\n`], { type: 'text/csv' }));
  });

  return function open(title, note, columns, rows) {
    shown = { title, lines: [columns, ...rows] };
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
