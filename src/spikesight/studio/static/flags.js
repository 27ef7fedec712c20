// A mark on a time axis, as a flag.

import { ink } from './colour.js';

/** A flag whose pole stands at `x`, from `top` down to `bottom` (pixels). */
export function flag(context, x, top, bottom) {
  context.fillStyle = ink('soft');
  context.fillRect(Math.round(x), top, 1, bottom - top);
  context.beginPath();
  context.moveTo(Math.round(x) + 1, top);
  context.lineTo(Math.round(x) + 8, top + 3.5);
  context.lineTo(Math.round(x) + 1, top + 7);
  context.fill();
}
