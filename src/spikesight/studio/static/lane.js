// The frame of a lane: its name and figures at the left, a plot over the window of time, a reason where it is empty.

import { ink } from './colour.js';
import { element, label, surface, tableButton } from './surface.js';

/**
 * Fill `host` with a lane called `title`. `draw({context, width, height, x})` draws into it, `x(t)` being the pixel of a
 * time; it is called where there is something to draw. `openTable` opens the table of its data.
 */
export function lane(host, page, title, draw, openTable) {
  const figure = element('span', { className: 'lane-figure' });
  const words = element('span');
  const gutter = element('div', { className: 'gutter' }, element('h3', { textContent: title }), figure, words);
  gutter.append(tableButton(title, openTable));
  host.replaceChildren(gutter);
  host.classList.add('shown-lane');
  const plot = surface(host, () => redraw());
  const reason = element('p', { className: 'empty', hidden: true });
  plot.canvas.after(reason);
  let there = false;

  function redraw() {
    const { context, width, height } = plot.begin();
    if (!there) return;
    const { t0, t1 } = page.window();
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    draw({ context, width, height, x: (t) => ((t - t0) / (t1 - t0)) * width });
    context.restore();
  }

  return {
    plot,
    gutter,
    draw: redraw,
    /** What the gutter says, and the text alternative. */
    tell(value, note, alternative) {
      figure.textContent = value;
      words.textContent = note;
      words.title = note;
      plot.describe(alternative);
    },
    /** Nothing can be drawn, for the reason `text`; without it, something can. */
    empty(text) {
      there = !text;
      reason.hidden = there;
      reason.textContent = text ?? '';
      if (text) this.tell('', '', text);
    },
  };
}

/** A line through the points (t, value), broken where a value is not a number; `y(value)` is its pixel. */
export function line(context, x, y, t, values, colour, width = 1.5) {
  context.beginPath();
  let pen = false;
  for (let i = 0; i < t.length; i += 1) {
    const there = Number.isFinite(values[i]);
    if (there && pen) context.lineTo(x(t[i]), y(values[i]));
    else if (there) context.moveTo(x(t[i]), y(values[i]));
    pen = there;
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.stroke();
}

/** The area between two lines over the same times. */
export function band(context, x, y, t, low, high, colour, alpha = 0.16) {
  context.beginPath();
  for (let i = 0; i < t.length; i += 1) if (Number.isFinite(low[i])) context.lineTo(x(t[i]), y(high[i]));
  for (let i = t.length - 1; i >= 0; i -= 1) if (Number.isFinite(low[i])) context.lineTo(x(t[i]), y(low[i]));
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  context.fill();
  context.globalAlpha = 1;
}

/** The ends of the vertical axis, written at its right. */
export function ends(context, width, height, top, bottom) {
  context.textAlign = 'right';
  context.textBaseline = 'top';
  if (top) label(context, top, width - 3, 2);
  context.textBaseline = 'bottom';
  if (bottom) label(context, bottom, width - 3, height - 1);
  context.textAlign = 'left';
}

/** A pale line across, such as zero. */
export function level(context, width, y) {
  context.fillStyle = ink('line');
  context.fillRect(0, Math.round(y), width, 1);
}

const SMALL = 1e-3; // below, leading zeros hide how small a number is

/** A number in three digits: 0.12, 3.93e-5. */
export function brief(value) {
  if (!Number.isFinite(value)) return '–';
  const three = Number(Number(value).toPrecision(3));
  return three !== 0 && Math.abs(three) < SMALL ? three.toExponential().replace('e+', 'e') : String(three);
}
