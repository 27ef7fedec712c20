// Units side by side along the horizontal axis of a canvas: which one is under the pointer, which is chosen.

import { ink } from './colour.js';

const EAGER = 0.9;
const computed = new WeakMap();

/** What `make` makes of `answer`, once for every `key`: panels are drawn at every move of the cursor. */
export function once(answer, key, make) {
  if (!computed.has(answer)) computed.set(answer, new Map());
  const known = computed.get(answer);
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}

/** The order in which units stand: by the class they prefer and then by how much, silent ones last, or as they are numbered. */
export const unitOrder = (answer, byClass) => once(answer, `order ${byClass}`, () => ordered(answer, byClass));

function ordered(answer, byClass) {
  const order = Array.from(answer.preferred, (_, unit) => unit);
  if (!byClass) return order;
  const rank = (unit) => (answer.preferred[unit] < 0 ? Infinity : answer.preferred[unit]);
  const strength = (unit) => (Number.isFinite(answer.index?.[unit]) ? answer.index[unit] : -1);
  return order.sort((a, b) => rank(a) - rank(b) || strength(b) - strength(a) || a - b);
}

/** What full strength stands for: the largest answer of a neuron, the most eager tenth of them aside. */
export function fullStrength(answer) {
  const best = Float32Array.from(answer.preferred, (_, unit) => strongest(answer, unit)).filter((value) => value > 0).sort();
  return best[Math.floor((best.length - 1) * EAGER)] || 1;
}

/** The largest answer of a neuron to any class. */
export function strongest(answer, unit) {
  const units = answer.preferred.length;
  let most = 0;
  for (let row = 0; row < answer.classes.length; row += 1) most = Math.max(most, answer.responses[row * units + unit] || 0);
  return most;
}

/**
 * Pointer and keys on `canvas`. `axis()` gives {left, width, order}: the pixels that the units fill, and the units from left
 * to right. `over(unit, event)` is told what the pointer is on, null for nothing.
 */
export function unitAxis(canvas, page, axis, over = () => {}) {
  canvas.tabIndex = 0;
  const unitAt = (event) => {
    const { left, width, order } = axis();
    const place = Math.floor(((event.offsetX - left) / width) * order.length);
    return place >= 0 && place < order.length ? order[place] : null;
  };
  canvas.addEventListener('click', (event) => {
    const unit = unitAt(event);
    if (unit !== null) page.set({ unit: unit === page.state.unit ? null : unit });
  });
  canvas.addEventListener('pointermove', (event) => over(unitAt(event), event));
  canvas.addEventListener('pointerleave', () => over(null));
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const { order } = axis();
    if (!step || !order.length) return;
    event.preventDefault();
    event.stopPropagation();
    const place = order.indexOf(page.state.unit) + step;
    page.set({ unit: order[Math.min(order.length - 1, Math.max(0, place))] });
  });
}

/** Mark the chosen unit by a line from `top` to `bottom`. */
export function markUnit(context, page, { left, width, order }, top, bottom) {
  const place = order.indexOf(page.state.unit);
  if (place < 0) return;
  const wide = width / order.length;
  context.strokeStyle = ink('accent');
  context.lineWidth = 1.5;
  context.strokeRect(left + place * wide - 1, top, Math.max(3, wide + 2), bottom - top);
}
