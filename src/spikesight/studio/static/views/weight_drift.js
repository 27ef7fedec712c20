// The distribution of weights over the run: a column a snapshot, brighter where more weights are; the mean as a line.

import { choice } from '../chooser.js';
import { ink, picture, strength } from '../colour.js';
import { brief, ends, lane, line } from '../lane.js';
import { clock } from '../time.js';

const DECADES = 3; // that the logarithmic scale spans
const BRIGHT = 0.985; // share of the filled cells that are not at full strength

export function mount(host, page) {
  const frame = lane(host, page, 'Weights', draw, openTable);
  const scale = choice(page, 'weight_drift.scale', 'How shares are shown', [['linear', 'linear', 'Strength is the share of the weights'], ['log', 'log', 'Strength is the logarithm of the share: rare weights show']]);
  frame.gutter.append(scale.group);
  let answer = null;

  function levels() {
    const filled = answer.share.filter((value) => value > 0).sort();
    const top = filled[Math.floor((filled.length - 1) * BRIGHT)] || 1;
    const part = scale.chosen() === 'log'
      ? (value) => (value > 0 ? Math.min(1, Math.max(0.06, 1 + Math.log10(value / top) / DECADES) ** 1.5) : 0)
      : (value) => Math.min(1, value / top) ** 0.8;
    const [bins, columns] = answer.share.shape;
    return Uint8Array.from({ length: bins * columns }, (_, i) => 255 * part(answer.share[(bins - 1 - Math.floor(i / columns)) * columns + (i % columns)]));
  }

  function draw({ context, width, height, x }) {
    const [bins, columns] = answer.share.shape;
    const image = picture(levels(), columns, bins, strength());
    const { t1 } = answer;
    // A snapshot holds until the next one.
    for (let i = 0; i < columns; i += 1) {
      const left = x(i ? answer.t[i] : Math.min(answer.t[0], answer.t0));
      const right = x(i + 1 < columns ? answer.t[i + 1] : t1);
      if (right >= 0 && left <= width) context.drawImage(image, i, 0, 1, bins, left, 0, Math.max(1, right - left + 0.5), height);
    }
    const y = (value) => height - ((value - answer.low) / (answer.high - answer.low || 1)) * height;
    line(context, x, y, answer.t, answer.mean, ink('ink'), 1.25);
    ends(context, width, height, brief(answer.high), brief(answer.low));
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t, (t, i) => [clock(t, true), brief(answer.mean[i]), brief(answer.std[i])]) : [];
    page.openTable('Weights over the run', answer?.empty ?? `${answer?.projection}: weights from ${brief(answer?.low)} to ${brief(answer?.high)}`, ['time', 'mean', 'standard deviation'], rows);
  }

  return {
    parameters: () => ({ projection: page.state.projection, t0: null, t1: null, bins: Math.max(64, Math.round(frame.plot.canvas.clientWidth / 2)) }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      scale.group.hidden = Boolean(answer.empty);
      if (answer.empty) return;
      frame.tell(brief(answer.mean.at(-1)), `mean of ${answer.projection}`, `Distribution of the weights of ${answer.projection} at ${answer.t.length} snapshots, from ${brief(answer.low)} to ${brief(answer.high)}; the mean goes from ${brief(answer.mean[0])} to ${brief(answer.mean.at(-1))}`);
    },
    draw() {
      scale.tell();
      frame.draw();
    },
  };
}
