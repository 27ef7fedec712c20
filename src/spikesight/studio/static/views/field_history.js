// The receptive field of one neuron through the run: a strip of pictures, the one at the cursor framed.

import { unitOf } from '../chooser.js';
import { change, ink, picture, strength, theme } from '../colour.js';
import { brief } from '../lane.js';
import { mosaic } from '../mosaic.js';
import { card, count } from '../surface.js';
import { clock } from '../time.js';

const CAPTION = 14;

export function mount(host, page) {
  const frame = card(host, 'Receptive field over time', openTable);
  let answer = null;
  let sheet = { key: null, image: null };

  const tiles = mosaic(frame.body, {
    shown: () => answer?.levels && { sheet: image(), count: answer.t.length, columns: answer.levels.shape[2], rows: answer.levels.shape[1], from: (place) => place },
    tall: () => 180,
    below: CAPTION,
    most: 96,
    chosen: atCursor,
    choose: (place) => page.pin(answer.t[place]),
    mark(context, place, { left, top, wide, high }) {
      context.font = `10px ${ink('font')}`;
      context.textAlign = 'center';
      context.textBaseline = 'top';
      context.fillStyle = ink(place === atCursor() ? 'accent' : 'soft');
      if (wide > 38) context.fillText(clock(answer.t[place]), left + wide / 2, top + high + 2);
      context.textAlign = 'left';
    },
  });

  /** The newest picture by the cursor; the first one before it. */
  function atCursor() {
    const after = answer.t.findIndex((t) => t > page.moment() + 1e-9);
    return after < 0 ? answer.t.length - 1 : Math.max(0, after - 1);
  }

  function image() {
    if (sheet.key === theme()) return sheet.image;
    const [frames, rows, columns] = answer.levels.shape;
    sheet = { key: theme(), image: picture(answer.levels, columns, rows * frames, answer.signed ? change() : strength()) };
    return sheet.image;
  }

  function draw() {
    if (!answer?.levels) return;
    tiles.draw();
    tiles.plot.describe(`Receptive field of neuron ${answer.unit} of ${answer.layer} at ${answer.t.length} moments of the run; the one at ${clock(answer.t[atCursor()])} is at the cursor`);
  }

  function openTable() {
    const size = answer?.levels ? answer.levels.shape[1] * answer.levels.shape[2] : 1;
    const mean = (place) => answer.levels.subarray(place * size, (place + 1) * size).reduce((a, b) => a + b, 0) / size;
    const rows = answer?.levels ? Array.from(answer.t, (t, i) => [clock(t, true), count(answer.stim[i]), brief(answer.signed ? ((mean(i) - 128) / 127) * answer.top : (mean(i) / 255) * answer.top)]) : [];
    page.openTable('Receptive field over time', answer?.empty ?? frame.note.textContent, ['time', 'stimulus', 'mean weight'], rows);
  }

  return {
    parameters() {
      const chosen = page.state.tab === 'synapses' ? page.state.projection : null;
      const layer = chosen ? page.summary.projections.find((one) => one.name === chosen)?.post : page.layer();
      return { layer: chosen ? null : layer, projection: chosen, unit: unitOf(page, layer), shape: page.state['fields.shape'] ?? null };
    },
    take(given) {
      answer = given;
      sheet = { key: null, image: null };
      frame.empty(answer.empty);
      if (!answer.empty) frame.note.textContent = `${answer.layer} ${answer.unit}, weights of ${answer.projection}, ${answer.t.length} of ${answer.snapshots} snapshots; full strength ${brief(answer.top)}`;
    },
    draw,
  };
}
