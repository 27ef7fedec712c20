// Pixels of the sensor on the sheet: ON in the accent, OFF in the colour of less, fainter where there was less.

import { ink } from '../colour.js';

const MOST_PIXELS = 1 << 21; // as the server has it

/** How many pixels of the sensor, in each direction, one of a picture stands for. */
export function sideOf({ width, height }) {
  let side = 1;
  while (Math.ceil(width / side) * Math.ceil(height / side) > MOST_PIXELS) side += 1;
  return side;
}

/** A named colour of the style sheet as a number, without its opacity. */
export function packed(name) {
  const hex = ink(name).slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (blue << 16) | (green << 8) | red;
}

/** A picture of `columns` x `rows` that is painted anew for every moment. */
export function screen() {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d');
  let image = null;
  return {
    /** Its pixels as numbers, blue, green and red below opacity, cleared. */
    begin(columns, rows) {
      if (canvas.width !== columns || canvas.height !== rows || !image) {
        [canvas.width, canvas.height] = [columns, rows];
        image = context.createImageData(columns, rows);
      }
      const pixels = new Uint32Array(image.data.buffer);
      pixels.fill(0);
      return pixels;
    },
    /** Draw it as large as fits into the box; returns where it lies. */
    place(target, left, top, width, height) {
      context.putImageData(image, 0, 0);
      return fitted(target, canvas, left, top, width, height);
    },
  };
}

/** Draw `source` as large as fits into the box, in its proportions; returns {left, top, scale}. */
export function fitted(target, source, left, top, width, height) {
  const scale = Math.min(width / source.width, height / source.height);
  const [x, y] = [left + (width - source.width * scale) / 2, top + (height - source.height * scale) / 2];
  target.drawImage(source, x, y, source.width * scale, source.height * scale);
  return { left: x, top: y, scale };
}

/** The edge of the sensor. */
export function edge(context, { left, top, scale }, columns, rows) {
  context.strokeStyle = ink('line-strong');
  context.lineWidth = 1;
  context.strokeRect(Math.round(left) - 0.5, Math.round(top) - 0.5, Math.round(columns * scale) + 1, Math.round(rows * scale) + 1);
}

/** Paint `off` and `on` (height * width) through `level(value)`, 0 to 255: a pixel has the colour of the larger. */
export function both(pixels, off, on, level) {
  const [dark, bright] = [packed('wrong'), packed('accent')];
  for (let i = 0; i < pixels.length; i += 1) {
    const more = on[i] >= off[i];
    const value = more ? on[i] : off[i];
    if (value) pixels[i] = (level(value) << 24) | (more ? bright : dark);
  }
}
