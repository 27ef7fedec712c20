// A canvas that is as sharp as the screen, with a text alternative and a table of what it shows.

import { ink } from './colour.js';

/** Make `tag` with `properties` and `children`. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

let elsewhere = null;

/** Call `draw` with every canvas of `contexts` (a Map) drawn on the context it has there instead of its own. */
export function redirected(contexts, draw) {
  elsewhere = contexts;
  try {
    draw();
  } finally {
    elsewhere = null;
  }
}

/** A canvas in `host`: `begin()` gives {context, width, height} in CSS pixels, cleared; `onResize` is called when it grew. */
export function surface(host, onResize) {
  const canvas = element('canvas');
  canvas.setAttribute('role', 'img');
  host.append(element('div', { className: 'plot' }, canvas));
  new ResizeObserver(() => onResize()).observe(canvas);
  return {
    canvas,
    describe: (text) => canvas.setAttribute('aria-label', text),
    begin() {
      const scale = devicePixelRatio || 1;
      const width = canvas.clientWidth;
      const height = canvas.clientHeight;
      const other = elsewhere?.get(canvas);
      if (other) return { context: other, width, height };
      if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
      if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
      const context = canvas.getContext('2d');
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      context.imageSmoothingEnabled = false;
      return { context, width, height };
    },
  };
}

/** Write `text` with a rim in the colour of the sheet, so that lines behind it do not strike it through. */
export function label(context, text, x, y) {
  context.font = `10px ${ink('font')}`;
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = ink('sheet');
  context.strokeText(text, x, y);
  context.fillStyle = ink('soft');
  context.fillText(text, x, y);
}

/** The small button that opens the table of a canvas. */
export function tableButton(what, open) {
  const button = element('button', { className: 'table-button', title: `${what} as a table`, textContent: '≡' });
  button.setAttribute('aria-label', `${what} as a table`);
  button.addEventListener('click', open);
  return button;
}

/** The frame of a side panel: title, note, table button, a body, and a place that says why it is empty. */
export function card(host, title, openTable) {
  const note = element('span', { className: 'note' });
  const tools = element('span', { className: 'tools' });
  if (openTable) tools.append(tableButton(title, openTable));
  const body = element('div', { className: 'body' });
  const reason = element('p', { className: 'empty', hidden: true });
  host.replaceChildren(element('header', {}, element('h2', { textContent: title }), note, tools), body, reason);
  return {
    body,
    note,
    tools,
    /** Show the body, or `text`, which says why there is none. */
    empty(text) {
      body.hidden = Boolean(text);
      if (text) note.textContent = '';
      reason.hidden = !text;
      reason.textContent = text ?? '';
    },
  };
}

const numbers = new Intl.NumberFormat('en-GB');
export const count = (value) => numbers.format(value);
export const percent = (value) => `${(value * 100).toFixed(1)} %`;
