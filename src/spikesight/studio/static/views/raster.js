// Spikes over time, one lane per population: the rate as a line, below it density, or single spikes where few are in view.

import { change, ink, layerColour, picture, strength, theme } from '../colour.js';
import { count, element, label, surface, tableButton } from '../surface.js';
import { clock } from '../time.js';

const RATE = 24; // pixels of the rate line
const GAP = 3;
const CELL = 2; // pixels of a bin: in narrower ones a sparse population is mere noise
const TICK = 232; // strength of a single spike, so that ticks and density are of one kind
const BRIGHT = 0.995; // share of the filled cells that are not at full strength
const CONTRAST = 0.85; // power of the count: below 1 lets single spikes show beside bursts
const MOST_ROWS_IN_TABLE = 500;

/** Counts per unit: where rows hold 3 and 4 units in turn, bare counts would draw stripes that are not there. */
function perUnit(counts, rows, size) {
  const columns = counts.length / rows;
  const first = (row) => Math.ceil((row * size) / rows);
  return Float32Array.from(counts, (value, i) => {
    const row = Math.floor(i / columns);
    return value / (first(row + 1) - first(row));
  });
}

/** Densities as bytes of strength; the brightest half per cent shares the top. */
function strengths(densities) {
  const filled = densities.filter((value) => value > 0).sort();
  const top = filled.length ? filled[Math.min(filled.length - 1, Math.floor(filled.length * BRIGHT))] : 1;
  return Uint8Array.from(densities, (value) => 255 * Math.min(1, value / top) ** CONTRAST);
}

/** Densities as bytes of change against the mean of their row: 128 is the mean, one step of 32 a standard deviation. */
function changes(densities, rows, columns) {
  const levels = new Uint8Array(densities.length);
  for (let row = 0; row < rows; row += 1) {
    const line = densities.subarray(row * columns, (row + 1) * columns);
    const mean = line.reduce((a, b) => a + b, 0) / columns;
    const spread = Math.sqrt(line.reduce((a, b) => a + (b - mean) ** 2, 0) / columns) || 1;
    for (let i = 0; i < columns; i += 1) {
      levels[row * columns + i] = Math.min(255, Math.max(0, 128 + (32 * (line[i] - mean)) / spread));
    }
  }
  return levels;
}

function lane(index, layer, page) {
  const swatch = element('i', { className: 'swatch' });
  const name = element('h3', {}, swatch, layer.name);
  const units = element('span');
  const rate = element('span');
  const spikes = element('span', { className: 'spikes' });
  const gutter = element('div', { className: 'gutter' }, name, units, rate, spikes);
  const host = element('div', { className: 'lane raster' }, gutter);
  host.dataset.layer = layer.name;
  const plot = surface(host, () => draw());
  let given = null;
  let drawn = { key: null, image: null };

  gutter.append(tableButton(`Spikes of ${layer.name}`, openTable));

  function image() {
    const key = `${theme()} ${page.state.show}`;
    if (drawn.key === key) return drawn.image;
    const [rows, columns] = given.counts.shape;
    const densities = perUnit(given.counts, rows, layer.size);
    const levels = page.state.show === 'change' ? changes(densities, rows, columns) : strengths(densities);
    drawn = { key, image: picture(levels, columns, rows, page.state.show === 'change' ? change() : strength()) };
    return drawn.image;
  }

  function density(context, x, box) {
    const [, columns] = given.counts.shape;
    const left = x(given.grid.first);
    const wide = x(given.grid.first + given.grid.width * columns) - left;
    context.drawImage(image(), left, box.top, wide, box.height);
  }

  function ticks(context, x, box) {
    const tall = Math.min(9, Math.max(2.4, (box.height / layer.size) * 0.86));
    const { t, unit } = given.ticks;
    const table = strength();
    context.fillStyle = `rgb(${table.slice(TICK * 3, TICK * 3 + 3).join(' ')})`;
    context.globalAlpha = t.length > 2500 ? 0.7 : 1;
    const wide = t.length > 1500 ? 1 : 1.6;
    for (let i = 0; i < t.length; i += 1) {
      const middle = box.top + ((unit[i] + 0.5) / layer.size) * box.height;
      context.fillRect(x(given.t0 + t[i]) - wide / 2, middle - tall / 2, wide, tall);
    }
    context.globalAlpha = 1;
  }

  function boundaries(context, x, box) {
    context.fillStyle = ink('line-strong');
    context.globalAlpha = 0.7;
    for (const t of page.shared.boundaries) context.fillRect(Math.round(x(t)), box.top, 1, box.height);
    context.globalAlpha = 1;
  }

  function chosen(context, width, box) {
    if (page.state.unit === null || layer.name !== page.summary.readout?.post || page.state.unit >= layer.size) return;
    const y = box.top + ((page.state.unit + 0.5) / layer.size) * box.height;
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

  function draw() {
    const { context, width, height } = plot.begin();
    const box = { top: RATE + GAP, height: height - RATE - GAP };
    const table = page.state.show === 'change' && given?.counts ? [change(), 128] : [strength(), 0];
    context.fillStyle = `rgb(${table[0].slice(table[1] * 3, table[1] * 3 + 3).join(' ')})`;
    context.fillRect(0, box.top, width, box.height);
    swatch.style.background = layerColour(index);
    if (!given) return;
    const { t0, t1 } = page.window();
    const x = (t) => ((t - t0) / (t1 - t0)) * width;
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    if (given.counts) density(context, x, box);
    boundaries(context, x, box);
    if (given.ticks) ticks(context, x, box);
    if (given.spikes === 0) nothing(context, width, box);
    chosen(context, width, box);
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
    plot.describe(`Raster of ${layer.name}: ${spikes.textContent} of ${units.textContent} between ${clock(given.t0, true)} and ${clock(given.t1, true)}, on average ${rate.textContent} per unit, shown as ${given.ticks ? 'single spikes' : 'density'}`);
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

  return {
    host,
    draw,
    plot,
    /** The unit whose row lies at `clientY`, null outside the raster. */
    unitAt(clientY) {
      const frame = plot.canvas.getBoundingClientRect();
      const unit = Math.floor(((clientY - frame.top - RATE - GAP) / (frame.height - RATE - GAP)) * layer.size);
      return unit >= 0 && unit < layer.size ? `${layer.name} ${unit}` : null;
    },
    take(answer) {
      given = answer;
      drawn = { key: null, image: null };
      tell();
    },
  };
}

/** What rasters show when zoomed out; returns what keeps the buttons true. */
function showButtons(page) {
  const density = element('button', { textContent: 'Density', title: 'Zoomed out, show how many spikes (d)' });
  const change = element('button', { textContent: 'Change', title: "Zoomed out, show the change against each row's mean (d)" });
  density.addEventListener('click', () => page.set({ show: null }));
  change.addEventListener('click', () => page.set({ show: 'change' }));
  const group = element('span', { className: 'buttons' }, density, change);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Rasters zoomed out (d)');
  page.tools('raster').append(group);
  return () => {
    change.setAttribute('aria-pressed', page.state.show === 'change');
    density.setAttribute('aria-pressed', page.state.show !== 'change');
  };
}

export function mount(host, page) {
  let lanes = [];
  let names = '';
  host.className = 'rasters';
  const tell = showButtons(page);
  const reason = element('p', { className: 'empty' });

  function build(layers) {
    names = JSON.stringify(layers);
    lanes = layers.map((layer, i) => lane(i, layer, page));
    host.replaceChildren(...lanes.map((one) => one.host));
  }

  return {
    parameters() {
      const layers = page.summary.layers.map(({ name, size }) => ({ name, size }));
      if (JSON.stringify(layers) !== names) build(layers);
      const canvas = lanes[0]?.plot.canvas;
      return { ...page.windowParameters(), bins: Math.ceil((canvas?.clientWidth || 800) / CELL), rows: Math.max(16, (canvas?.clientHeight || 150) - RATE - GAP) };
    },
    take(answer) {
      if (answer.empty) {
        reason.textContent = answer.empty;
        names = '';
        lanes = [];
        host.replaceChildren(reason);
        return;
      }
      answer.layers.forEach((layer, i) => lanes[i]?.take({ ...layer, t0: answer.t0, t1: answer.t1 }));
    },
    draw() {
      tell();
      lanes.forEach((one) => one.draw());
    },
    /** The unit under the pointer, in words, or null. */
    under: (event) => lanes.find((one) => one.host.contains(event.target))?.unitAt(event.clientY) ?? null,
  };
}
