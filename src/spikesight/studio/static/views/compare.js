// Two runs side by side: for every population that both have the rasters on one scale, and how far the rates differ.

import { ink, layerColour, theme } from '../colour.js';
import { compareTools, compared } from '../compared.js';
import { gestures } from '../gestures.js';
import { brief } from '../lane.js';
import { background, densityPicture } from '../raster_image.js';
import { card, count, element, label, surface } from '../surface.js';
import { clock } from '../time.js';

const GAP = 14; // pixels between the two runs
const LINE = 22; // pixels of the rates above a raster
const DIFFERENCE = 34; // and of their difference below it
const CELL = 2;

/** Both rasters as one array, in spikes a second and unit, so that they share their scale. */
function together({ one, other }) {
  const [rows] = one.counts.shape;
  const columns = [one.counts.shape[1], other.counts.shape[1]];
  const all = new Float32Array(rows * (columns[0] + columns[1]));
  for (let row = 0; row < rows; row += 1) {
    const start = row * (columns[0] + columns[1]);
    for (let i = 0; i < columns[0]; i += 1) all[start + i] = one.counts[row * columns[0] + i] / one.width;
    for (let i = 0; i < columns[1]; i += 1) all[start + columns[0] + i] = other.counts[row * columns[1] + i] / other.width;
  }
  all.shape = [rows, columns[0] + columns[1]];
  return { all, columns, rows };
}

function row(page, layer, index) {
  const swatch = element('i', { className: 'swatch' });
  const figures = element('span');
  const gutter = element('div', { className: 'gutter' }, element('h3', {}, swatch, layer.name), element('span', { textContent: `${count(layer.size)} units` }), figures);
  const host = element('div', { className: 'lane compared' }, gutter);
  host.dataset.layer = layer.name;
  const plot = surface(host, () => draw());
  let given = null;
  let drawn = { key: null };

  function sheet() {
    const key = `${theme()} ${page.state.show}`;
    if (drawn.key !== key) {
      const { all, columns, rows } = together(given);
      drawn = { key, columns, rows, image: densityPicture(all, given.one.units_in_row, page.state.show === 'change') };
    }
    return drawn;
  }

  function side(context, which, left, width, height) {
    const part = given[which === 0 ? 'one' : 'other'];
    const { columns, rows, image } = sheet();
    const [t0, t1] = given.windows[which];
    const x = (t) => left + ((t - t0) / (t1 - t0)) * width;
    const tall = height - LINE - DIFFERENCE - 4;
    context.save();
    context.beginPath();
    context.rect(left, 0, width, height - DIFFERENCE);
    context.clip();
    context.fillStyle = background(page.state.show === 'change');
    context.fillRect(left, LINE, width, tall);
    const from = x(part.first);
    const to = x(part.first + part.width * columns[which]);
    context.drawImage(image, which === 0 ? 0 : columns[0], 0, columns[which], rows, from, LINE, to - from, tall);
    rates(context, part.hz, left, width);
    context.fillStyle = ink('accent');
    if (page.cursorShown()) context.fillRect(x(given.at[which]), 0, 1.5, height - DIFFERENCE);
    context.restore();
  }

  function rates(context, hz, left, width) {
    const top = Math.max(1e-9, ...[...given.one.hz, ...given.other.hz].filter(Number.isFinite));
    context.strokeStyle = layerColour(index);
    context.lineWidth = 1.25;
    context.beginPath();
    hz.forEach((value, i) => {
      const [px, py] = [left + ((i + 0.5) / hz.length) * width, LINE - 2 - (value / top) * (LINE - 6)];
      if (Number.isFinite(value)) context.lineTo(px, py);
    });
    context.stroke();
  }

  /** The difference of the rates, on the time that the runs share; nothing where one of them is over. */
  function difference(context, width, height) {
    const most = Math.max(1e-9, ...Array.from(given.difference, Math.abs).filter(Number.isFinite));
    const middle = height - DIFFERENCE / 2;
    context.fillStyle = ink('line-strong');
    context.fillRect(0, middle, width, 1);
    const wide = width / given.difference.length;
    given.difference.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      context.fillStyle = value > 0 ? ink('more') : ink('less');
      const tall = (Math.abs(value) / most) * (DIFFERENCE / 2 - 4);
      context.fillRect(i * wide, value > 0 ? middle - tall : middle + 1, Math.max(0.6, wide - 0.6), tall);
    });
    label(context, `difference, up to ${brief(most)} Hz`, 2, height - DIFFERENCE + 10);
  }

  function draw() {
    if (!given) return;
    swatch.style.background = layerColour(index);
    const { context, width, height } = plot.begin();
    const half = (width - GAP) / 2;
    side(context, 0, 0, half, height);
    side(context, 1, half + GAP, half, height);
    difference(context, width, height);
  }

  return {
    host,
    draw,
    take(answer, windows, at) {
      given = { ...answer, windows, at };
      drawn = { key: null };
      const mean = (part, [t0, t1]) => part.spikes / layer.size / (t1 - t0);
      const [a, b] = [mean(given.one, windows[0]), mean(given.other, windows[1])];
      figures.textContent = `${brief(a)} and ${brief(b)} Hz`;
      plot.describe(`${layer.name} in both runs: ${count(given.one.spikes)} and ${count(given.other.spikes)} spikes, ${figures.textContent} a unit`);
    },
  };
}

export function mount(host, page) {
  const frame = card(host, 'Side by side', openTable);
  host.classList.add('tall');
  const tell = compareTools(page);
  const heads = element('div', { className: 'heads' });
  const lanes = element('div', { className: 'compared-lanes' });
  frame.body.append(heads, lanes);
  let answer = null;
  let rows = [];
  let names = '';

  gestures(lanes, (event) => {
    const box = (lanes.querySelector('canvas') ?? lanes).getBoundingClientRect();
    const half = (box.width - GAP) / 2;
    const inside = event.clientX - box.left;
    const fraction = (inside < half + GAP / 2 ? inside : inside - half - GAP) / half;
    return { fraction, inside: fraction >= 0 && fraction <= 1 };
  }, { zoom: page.zoom, move: page.move, whole: page.whole, hover() {}, pin: (fraction) => page.pin(page.timeAt(fraction)) });

  function side(i) {
    const shown = answer.stimuli[i];
    const [t0, t1] = answer.windows[i];
    const said = shown && shown.label >= 0 ? ` · ${page.className(shown.label)}${shown.prediction < 0 ? '' : shown.correct === 1 ? ', right' : ` taken for ${page.className(shown.prediction)}`}` : '';
    return element('div', {}, element('strong', { textContent: answer.names[i] }), element('span', { className: 'note', textContent: `${clock(t0)} – ${clock(t1)}${said}` }));
  }

  function openTable() {
    const lines = (answer?.layers ?? []).flatMap((layer) => Array.from(layer.difference, (value, i) => [layer.name, i + 1, brief(layer.one.hz[i]), brief(layer.other.hz[i]), brief(value)]));
    page.openTable('Rates of both runs', answer?.empty ?? `Hz a unit, in ${answer?.layers?.[0]?.difference.length ?? 0} equal parts of the window`, ['population', 'part', ...(answer?.names ?? []), 'difference'], lines);
  }

  return {
    parameters: () => ({ ...compared(page), ...page.windowParameters(), at: page.cursor(), bins: Math.max(100, Math.ceil((lanes.clientWidth || 900) / 2 / CELL)), rows: 128 }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      heads.replaceChildren(side(0), side(1));
      const layers = given.layers.map(({ name, size }) => ({ name, size }));
      if (JSON.stringify(layers) !== names) {
        names = JSON.stringify(layers);
        rows = layers.map((layer, i) => row(page, layer, i));
        lanes.replaceChildren(...rows.map((one) => one.host));
      }
      given.layers.forEach((layer, i) => rows[i].take(layer, given.windows, given.at));
    },
    draw() {
      tell();
      rows.forEach((one) => one.draw());
    },
  };
}
