// The time axis under the rasters.

import { ink } from './colour.js';
import { element, surface } from './surface.js';
import { clock, marks } from './time.js';

const ROOM = 92; // pixels that a label may need

export function axis(host, page) {
  const gutter = element('div', { className: 'gutter' });
  host.replaceChildren(gutter);
  const plot = surface(host, () => draw());

  function draw() {
    const { context, width } = plot.begin();
    if (!page.summary.extent) return plot.describe('No time has passed yet');
    const { t0, t1 } = page.window();
    context.font = `11px ${ink('font')}`;
    context.textBaseline = 'top';
    for (const mark of marks(t0, t1, Math.max(2, width / ROOM))) {
      const x = ((mark.t - t0) / (t1 - t0)) * width;
      context.fillStyle = ink('line-strong');
      context.fillRect(Math.round(x), 0, 1, 5);
      context.fillStyle = ink(mark.strong ? 'ink' : 'soft');
      const half = context.measureText(mark.text).width / 2;
      context.fillText(mark.text, Math.min(width - 2 * half, Math.max(0, x - half)), 7);
    }
    return plot.describe(`Time axis from ${clock(t0, true)} to ${clock(t1, true)}`);
  }

  return { draw };
}
