// One population over time: its rate as a line, below it the density of its spikes, or single spikes where few are in view.

import { classColour, ink, layerColour, strength, theme } from './colour.js';
import { background, densityPicture } from './raster_image.js';
import { count, element, label, surface, tableButton } from './surface.js';
import { clock } from './time.js';

export const RATE = 24; // pixels of the rate line
export const GAP = 3;
const TICK = 232; // strength of a single spike, so that ticks and density are of one kind
const EDGE = 5; // pixels of the strips of classes and of dead units
const NEAR = 5; // pixels from a spike at which the pointer is on it
const LEAST_APART = 8; // pixels between stimuli below which their boundaries are a mere grating
const MOST_ROWS_IN_TABLE = 500;

/** The lane of `layer`, the `index`-th; `fold` is called when its name is clicked. */
export function rasterLane(index, layer, page, fold) {
  const swatch = element('i', { className: 'swatch' });
  const name = element('button', { className: 'fold' }, swatch, element('span', { textContent: layer.name }));
  const units = element('span');
  const rate = element('span');
  const spikes = element('span', { className: 'spikes' });
  const remarks = element('span', { className: 'remarks' });
  const gutter = element('div', { className: 'gutter' }, element('h3', {}, name), units, rate, spikes, remarks);
  const host = element('div', { className: 'lane raster' }, gutter);
  host.dataset.layer = layer.name;
  const plot = surface(host, () => draw());
  let given = null;
  let rank = null; // the place of each unit from the top
  let drawn = { key: null, image: null };

  name.addEventListener('click', () => fold(layer.name));
  gutter.append(tableButton(`Spikes of ${layer.name}`, openTable));

  const placeOf = (unit) => (rank ? rank[unit] : unit);
  const changed = () => page.state.show === 'change' && Boolean(given?.counts);

  function density(context, x, box) {
    const key = `${theme()} ${changed()}`;
    if (drawn.key !== key) drawn = { key, image: densityPicture(given.counts, given.units_in_row, changed()) };
    const left = x(given.grid.first);
    const wide = x(given.grid.first + given.grid.width * given.counts.shape[1]) - left;
    context.drawImage(drawn.image, left, box.top, wide, box.height);
  }

  const middleOf = (unit, box) => box.top + ((placeOf(unit) + 0.5) / layer.size) * box.height;

  function ticks(context, x, box) {
    const tall = Math.min(9, Math.max(2.4, (box.height / layer.size) * 0.86));
    const { t, unit } = given.ticks;
    context.fillStyle = `rgb(${strength().slice(TICK * 3, TICK * 3 + 3).join(' ')})`;
    context.globalAlpha = t.length > 2500 ? 0.7 : 1;
    const wide = t.length > 1500 ? 1 : 1.6;
    for (let i = 0; i < t.length; i += 1) {
      context.fillRect(x(given.t0 + t[i]) - wide / 2, middleOf(unit[i], box) - tall / 2, wide, tall);
    }
    context.globalAlpha = 1;
  }

  function boundaries(context, x, box, width) {
    if (page.shared.boundaries.length * LEAST_APART > width) return;
    context.fillStyle = ink('line-strong');
    context.globalAlpha = 0.7;
    for (const t of page.shared.boundaries) context.fillRect(Math.round(x(t)), box.top, 1, box.height);
    context.globalAlpha = 1;
  }

  /** At the left, the class of each unit where they are sorted by it; at the right, the units that never spiked. */
  function edges(context, width, box) {
    const tall = Math.max(1, box.height / layer.size);
    if (given.sort === 'class' && given.units && given.class_of_unit) {
      given.units.forEach((unit, place) => {
        context.fillStyle = classColour(given.class_of_unit[unit]);
        context.fillRect(0, box.top + (place / layer.size) * box.height, EDGE, tall + 0.5);
      });
    }
    context.fillStyle = ink('wrong');
    for (const unit of given.dead) context.fillRect(width - EDGE, middleOf(unit, box) - tall / 2, EDGE, tall);
  }

  function silences(context, x, box) {
    for (let i = 0; i < given.silences.length; i += 2) {
      const [left, right] = [x(given.silences[i]), x(given.silences[i + 1])];
      context.fillStyle = ink('wrong');
      context.globalAlpha = 0.1;
      context.fillRect(left, box.top, right - left, box.height);
      context.globalAlpha = 1;
      context.fillRect(left, RATE - 1, Math.max(2, right - left), 2);
      if (right - left > 46 && box.height > 20) label(context, 'silent', Math.max(left, 0) + 5, box.top + 5);
    }
  }

  function chosen(context, width, box) {
    if (page.state.unit === null || layer.name !== page.layer() || page.state.unit >= layer.size) return;
    const y = middleOf(page.state.unit, box);
    context.fillStyle = ink('accent');
    context.globalAlpha = 0.5;
    context.fillRect(0, y - 0.5, width, 1);
    context.globalAlpha = 1;
    context.beginPath();
    context.moveTo(0, y - 4);
    context.lineTo(6, y);
    context.lineTo(0, y + 4);
    context.fill();
  }

  function nothing(context, width, box) {
    context.font = `11px ${ink('font')}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = ink('soft');
    context.fillText(`no spike of ${layer.name} was recorded in this window`, width / 2, box.top + box.height / 2);
    context.textAlign = 'left';
  }

  function rates(context, x, width) {
    const { first, width: bin, hz } = given.rate;
    const top = Math.max(1e-9, ...hz);
    context.beginPath();
    hz.forEach((value, i) => context.lineTo(x(first + (i + 0.5) * bin), RATE - 1 - (value / top) * (RATE - 4)));
    context.strokeStyle = layerColour(index);
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(x(first + (hz.length - 0.5) * bin), RATE);
    context.lineTo(x(first + 0.5 * bin), RATE);
    context.globalAlpha = 0.14;
    context.fillStyle = layerColour(index);
    context.fill();
    context.globalAlpha = 1;
    context.textBaseline = 'top';
    context.textAlign = 'right';
    if (given.spikes) label(context, `${Number(top.toPrecision(2))} Hz`, width - 2, 2);
    context.textAlign = 'left';
  }

  const across = (width) => {
    const { t0, t1 } = page.window();
    return (t) => ((t - t0) / (t1 - t0)) * width;
  };
  const boxOf = (height) => ({ top: RATE + GAP, height: Math.max(0, height - RATE - GAP) });

  function draw() {
    const { context, width, height } = plot.begin();
    const [box, x] = [boxOf(height), across(width)];
    const folded = Boolean(given?.folded);
    swatch.style.background = layerColour(index);
    if (!folded) {
      context.fillStyle = background(changed());
      context.fillRect(0, box.top, width, box.height);
    }
    if (!given) return;
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    if (!folded) {
      if (given.counts) density(context, x, box);
      boundaries(context, x, box, width);
      if (given.ticks) ticks(context, x, box);
      if (given.spikes === 0) nothing(context, width, box);
      edges(context, width, box);
      chosen(context, width, box);
    }
    silences(context, x, box);
    rates(context, x, width);
    context.restore();
  }

  function tell() {
    const hertz = given.spikes / layer.size / (given.t1 - given.t0);
    units.textContent = `${count(layer.size)} units`;
    rate.textContent = `${Number(hertz.toPrecision(3))} Hz`;
    rate.title = 'Mean rate of a unit in this window';
    spikes.textContent = `${count(given.spikes)} spikes`;
    spikes.title = 'Recorded spikes in this window';
    remarks.textContent = given.dead?.length ? `${count(given.dead.length)} never spiked` : '';
    remarks.title = 'Units without a spike in the whole run: marked at the right edge';
    name.setAttribute('aria-expanded', !given.folded);
    name.title = given.folded ? 'Show its spikes' : 'Show only its rate';
    host.classList.toggle('folded', given.folded);
    gutter.title = given.sorted ? `Units ${given.sorted}` : '';
    const how = given.folded ? 'folded to its rate' : `shown as ${given.ticks ? 'single spikes' : 'density'}, units ${given.sorted}`;
    const quiet = given.silences.length ? `; ${given.silences.length / 2} silent periods` : '';
    plot.describe(`Raster of ${layer.name}: ${spikes.textContent} of ${units.textContent} between ${clock(given.t0, true)} and ${clock(given.t1, true)}, on average ${rate.textContent} per unit, ${how}${quiet}`);
  }

  function openTable() {
    if (!given) return;
    const when = `${clock(given.t0, true)} to ${clock(given.t1, true)}`;
    if (given.ticks) {
      const rows = Array.from(given.ticks.t.subarray(0, MOST_ROWS_IN_TABLE), (t, i) => [clock(given.t0 + t, true), given.ticks.unit[i]]);
      page.openTable(`Spikes of ${layer.name}`, `${count(given.spikes)} spikes, ${when}${given.spikes > rows.length ? `; the first ${rows.length} are listed` : ''}`, ['time', 'unit'], rows);
      return;
    }
    const rows = Array.from(given.rate.hz, (hz, i) => [clock(given.rate.first + i * given.rate.width, true), hz.toFixed(3)]);
    page.openTable(`Rate of ${layer.name}`, `${count(given.spikes)} spikes, ${when}. Zoom in to list single spikes.`, ['from', 'Hz per unit'], rows);
  }

  /** The place in the list of single spikes of the one at a point of the canvas, -1 for none. */
  function spikeAt(left, top, frame) {
    if (!given?.ticks) return -1;
    const [box, x] = [boxOf(frame.height), across(frame.width)];
    const { t, unit } = given.ticks;
    const tall = Math.max(NEAR, box.height / layer.size / 2);
    let [best, nearest] = [-1, NEAR];
    for (let i = 0; i < t.length; i += 1) {
      const away = Math.abs(x(given.t0 + t[i]) - left);
      if (away < nearest && Math.abs(middleOf(unit[i], box) - top) <= tall) [best, nearest] = [i, away];
    }
    return best;
  }

  return {
    host,
    draw,
    plot,
    /** What lies under the pointer, in words: the spike or the unit, and its class; null outside the raster. */
    under(event) {
      const frame = plot.canvas.getBoundingClientRect();
      const box = boxOf(frame.height);
      const place = Math.floor(((event.clientY - frame.top - box.top) / box.height) * layer.size);
      if (given?.folded || place < 0 || place >= layer.size) return null;
      const spike = spikeAt(event.clientX - frame.left, event.clientY - frame.top, frame);
      const unit = spike < 0 ? given?.units?.[place] ?? place : given.ticks.unit[spike];
      const owner = given?.class_of_unit?.[unit] ?? -1;
      const parts = [
        spike < 0 ? '' : `spike at ${clock(given.t0 + given.ticks.t[spike], true)}`,
        owner < 0 ? '' : `class ${page.className(owner)}`,
        `${layer.name} ${unit}`,
      ];
      return parts.filter(Boolean).join(' · ');
    },
    take(answer) {
      given = answer;
      rank = null;
      if (answer.units) {
        rank = new Int32Array(layer.size);
        answer.units.forEach((unit, place) => { rank[unit] = place; });
      }
      drawn = { key: null, image: null };
      tell();
    },
  };
}
