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
  host.append(element('div', { className: 'plot' }, canvas));
  new ResizeObserver(() => onResize()).observe(canvas);
  return {
    canvas,
    /** Say in words what is drawn: before that, the canvas is no picture of anything. */
    describe(text) {
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', text);
    },
    begin() {
      const scale = devicePixelRatio || 1;
      const width = canvas.clientWidth;
      const height = canvas.clientHeight;
      const other = elsewhere?.get(canvas);
      if (other) return { context: Object.assign(other, { imageSmoothingEnabled: false }), width, height };
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

const LINE = 13; // pixels that a label is high
const BEFORE = { left: 0, start: 0, center: 0.5, right: 1, end: 1 }; // part of a label before the point it is written at
const ABOVE = { top: 0, hanging: 0, middle: 0.5, bottom: 1, alphabetic: 0.85 };

/** Write `text` on a strip in the colour of the sheet, so that lines behind it do not strike it through. */
export function label(context, text, x, y) {
  context.font = `10px ${ink('font')}`;
  const wide = context.measureText(text).width;
  const before = context.globalAlpha;
  context.globalAlpha = 0.86;
  context.fillStyle = ink('sheet');
  context.fillRect(x - BEFORE[context.textAlign] * wide - 2, y - ABOVE[context.textBaseline] * LINE, wide + 4, LINE);
  context.globalAlpha = before;
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
  const head = element('div', { className: 'title' }, element('h2', { textContent: title }), ' ', note);
  // The tools come first: words flow beside and below them.
  host.replaceChildren(element('header', {}, tools, head), body, reason);
  return {
    body,
    note,
    tools,
    /** Write the note; where it is a `passing` word about what is under the pointer, nothing below it moves. */
    say(words, passing = false) {
      if (!passing) head.style.minHeight = '';
      else if (!head.style.minHeight) head.style.minHeight = `${head.offsetHeight}px`;
      note.textContent = words;
    },
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
