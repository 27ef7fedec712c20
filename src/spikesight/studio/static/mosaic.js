// Pictures side by side, each of the same size: fields of neurons, channels of a layer, moments of one neuron.

import { ink } from './colour.js';
import { element, surface } from './surface.js';

/** Columns and pixels per point for `count` pictures of `columns` x `rows` points in a box `width` wide and not much over `tall`. */
export function arrangement(count, columns, rows, width, tall, gap, below, most) {
  let across = Math.min(count, Math.max(1, Math.floor((width + gap) / (most + gap))));
  const cell = (n) => Math.min(most, (width - (n - 1) * gap) / n);
  const height = (n) => Math.ceil(count / n) * (cell(n) * (rows / columns) + below + gap);
  while (height(across) > tall && across < count) across += 1;
  across = Math.ceil(count / Math.ceil(count / across)); // as full a last row as can be
  return { across, wide: cell(across), high: cell(across) * (rows / columns) };
}

/**
 * A canvas of pictures in `host`. `shown()` gives {sheet, count, columns, rows}: a picture of all of them under each other;
 * `tall()` how high it may become; `below` pixels under each are left for `mark(context, place, box)`. `choose(place, point)`
 * is called for a click and arrows, which start at `chosen()`, whose picture is `framed`; `over(place, point)` while the pointer moves, null when it leaves.
 */
export function mosaic(host, { shown, tall, mark, choose, over, chosen = () => -1, gap = 3, below = 0, most = 260, framed = true }) {
  const holder = element('div', { className: 'mosaic' });
  host.append(holder);
  const plot = surface(holder, () => draw());
  let placed = { across: 1, wide: 1, high: 1 };

  const box = (place) => ({
    left: (place % placed.across) * (placed.wide + gap),
    top: Math.floor(place / placed.across) * (placed.high + below + gap),
    wide: placed.wide,
    high: placed.high,
  });

  function draw() {
    const now = shown();
    if (!now || !holder.clientWidth) return;
    placed = arrangement(now.count, now.columns, now.rows, holder.clientWidth, tall(), gap, below, most);
    const lines = Math.ceil(now.count / placed.across);
    plot.canvas.parentElement.style.height = `${Math.ceil(lines * (placed.high + below + gap))}px`;
    const { context } = plot.begin();
    context.imageSmoothingEnabled = placed.wide < now.columns * 1.2;
    for (let place = 0; place < now.count; place += 1) {
      const { left, top, wide, high } = box(place);
      context.drawImage(now.sheet, 0, now.from(place) * now.rows, now.columns, now.rows, left, top, wide, high);
      mark?.(context, place, { left, top, wide, high });
      if (framed && place === chosen()) frame(context, left, top, wide, high + below);
    }
  }

  function frame(context, left, top, wide, high) {
    context.strokeStyle = ink('accent');
    context.lineWidth = 2;
    context.strokeRect(left + 1, top + 1, wide - 2, high - 2);
  }

  /** The picture and the point in it under the pointer, null beside them. */
  function under(event) {
    const now = shown();
    if (!now) return null;
    const column = Math.floor(event.offsetX / (placed.wide + gap));
    const place = Math.floor(event.offsetY / (placed.high + below + gap)) * placed.across + column;
    if (column >= placed.across || place >= now.count) return null;
    const { left, top, wide, high } = box(place);
    const point = {
      x: Math.min(now.columns - 1, Math.floor(((event.offsetX - left) / wide) * now.columns)),
      y: Math.min(now.rows - 1, Math.floor(((event.offsetY - top) / high) * now.rows)),
    };
    return { place, point };
  }

  plot.canvas.addEventListener('click', (event) => {
    const found = under(event);
    if (found) choose(found.place, found.point);
  });
  plot.canvas.addEventListener('pointermove', (event) => {
    const found = under(event);
    over?.(found?.place ?? null, found?.point);
  });
  plot.canvas.addEventListener('pointerleave', () => over?.(null));
  plot.canvas.tabIndex = 0;
  plot.canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -placed.across, ArrowDown: placed.across }[event.key];
    const now = shown();
    if (step === undefined || !now) return;
    event.preventDefault();
    event.stopPropagation();
    choose(Math.min(now.count - 1, Math.max(0, chosen() + step)), null);
  });
  return { plot, draw };
}
