// Channels over time: a row each, brighter where a unit of the channel spikes more.

import { ink, picture, strength, theme } from '../colour.js';
import { brief, ends, lane, level, line } from '../lane.js';
import { count } from '../surface.js';
import { clock } from '../time.js';

const CELL = 2; // pixels of a bin
const BRIGHT = 0.995;

export function mount(host, page) {
  const frame = lane(host, page, 'Channels', draw, openTable);
  let answer = null;
  let drawn = { key: null, image: null };

  function image() {
    if (drawn.key === theme()) return drawn.image;
    const filled = answer.counts.filter((value) => value > 0).sort();
    const top = filled[Math.floor((filled.length - 1) * BRIGHT)] || 1;
    const [rows, columns] = answer.counts.shape;
    drawn = { key: theme(), image: picture(Uint8Array.from(answer.counts, (value) => 255 * Math.min(1, value / top) ** 0.85), columns, rows, strength()) };
    return drawn.image;
  }

  /** One channel alone says more as a line. */
  function single(context, width, height, x) {
    const { first, width: wide } = answer.grid;
    const top = answer.counts.reduce((most, value) => Math.max(most, value), 0) || 1;
    const y = (value) => height - 3 - (value / top) * (height - 6);
    level(context, width, y(0));
    line(context, x, y, Array.from(answer.counts, (_, i) => first + (i + 0.5) * wide), answer.counts, ink('accent'), 1.25);
    ends(context, width, height, `${brief(top / wide)} Hz`, '0');
  }

  function draw({ context, width, height, x }) {
    if (answer.counts.shape[0] === 1) return single(context, width, height, x);
    const left = x(answer.grid.first);
    context.drawImage(image(), left, 0, x(answer.grid.first + answer.grid.width * answer.counts.shape[1]) - left, height);
    return ends(context, width, height, '0', String(answer.channels - 1));
  }

  function openTable() {
    const columns = answer?.counts?.shape[1] ?? 0;
    const sum = (row) => answer.counts.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0);
    const rows = answer?.counts ? Array.from({ length: answer.counts.shape[0] }, (_, row) => [row, sum(row).toFixed(3)]) : [];
    page.openTable('Channels over time', answer?.empty ?? `Spikes of a unit of each channel of ${answer?.layer} between ${clock(answer?.t0 ?? 0, true)} and ${clock(answer?.t1 ?? 0, true)}`, ['channel', 'spikes a unit'], rows);
  }

  return {
    parameters: () => ({ layer: page.state.layer, ...page.windowParameters(), bins: Math.ceil((frame.plot.canvas.clientWidth || 800) / CELL), rows: 256 }),
    take(given) {
      answer = given;
      drawn = { key: null, image: null };
      frame.empty(answer.empty);
      if (!answer.empty) frame.tell('', `${answer.layer}, ${count(answer.channels)} ${answer.channels === 1 ? 'channel' : 'channels'}, ${count(answer.spikes)} spikes`, `Activity of ${answer.channels} channels of ${answer.layer} between ${clock(answer.t0, true)} and ${clock(answer.t1, true)}: ${count(answer.spikes)} spikes`);
    },
    draw: frame.draw,
  };
}
