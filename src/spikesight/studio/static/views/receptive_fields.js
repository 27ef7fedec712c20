// Learned receptive fields, all units side by side, each with the colour of its class.

import { change, classColour, ink, picture, strength, theme } from '../colour.js';
import { card, count, element, surface } from '../surface.js';
import { clock } from '../time.js';

const LEAST_FIELD = 9; // pixels a field needs to be seen at all
const FLATTEST = 0.6; // least height of the mosaic over its width
const OTHERS = 560; // pixels that the other panels need, so that a neuron fits below the mosaic

/** Columns and size of the square cells that let `units` fill a box `width` wide and not too tall. */
function layout(units, width) {
  const height = Math.min(width, Math.max(width * FLATTEST, innerHeight - OTHERS));
  let columns = Math.ceil(Math.sqrt(units));
  while (Math.ceil(units / columns) * (width / columns) > height && columns < units) columns += 1;
  columns = Math.ceil(units / Math.ceil(units / columns)); // as full a last row as can be
  return { columns, cell: Math.max(LEAST_FIELD, width / columns) };
}

export function mount(host, page) {
  const frame = card(host, 'Receptive fields', openTable);
  const sort = element('button', { className: 'quiet', title: 'Order by unit or by class' });
  const size = element('button', { className: 'quiet', title: 'Larger or smaller' });
  frame.tools.prepend(sort, size);
  const holder = element('div', { className: 'mosaic' });
  frame.body.append(holder);
  const plot = surface(holder, () => draw());
  plot.canvas.tabIndex = 0;
  let answer = null;
  let order = [];
  let sheet = { key: null, image: null };

  sort.addEventListener('click', () => page.set({ sort: page.state.sort === 'class' ? null : 'class' }));

  size.addEventListener('click', () => page.set({ side: page.state.side === 'wide' ? null : 'wide' }));

  function arrange() {
    order = Array.from({ length: answer.levels.shape[0] }, (_, unit) => unit);
    const rank = (unit) => (answer.class_of_unit[unit] < 0 ? Infinity : answer.class_of_unit[unit]);
    if (page.state.sort === 'class') order.sort((a, b) => rank(a) - rank(b) || a - b);
  }

  /** All fields under each other in one picture: one draw call a field, none a pixel. */
  function image() {
    if (sheet.key === theme()) return sheet.image;
    const [units, rows, columns] = answer.levels.shape;
    sheet = { key: theme(), image: picture(answer.levels, columns, rows * units, answer.signed ? change() : strength()) };
    return sheet.image;
  }

  function draw() {
    if (!answer?.levels) return;
    arrange();
    size.textContent = page.state.side === 'wide' ? '⤡' : '⤢';
    size.setAttribute('aria-label', page.state.side === 'wide' ? 'Make the fields smaller' : 'Make the fields larger');
    sort.textContent = page.state.sort === 'class' ? 'by class' : 'by unit';
    const [units, rows, columns] = answer.levels.shape;
    const room = holder.clientWidth;
    const { columns: across, cell } = layout(units, room);
    plot.canvas.parentElement.style.height = `${Math.ceil(units / across) * cell}px`;
    const { context } = plot.begin();
    const gap = cell > 20 ? 2 : 1;
    const stripe = cell > 20 ? 3 : 2;
    context.imageSmoothingEnabled = cell < columns * 1.2;
    const all = image();
    order.forEach((unit, place) => {
      const left = (place % across) * cell;
      const top = Math.floor(place / across) * cell;
      const size = cell - gap;
      context.drawImage(all, 0, unit * rows, columns, rows, left, top, size, size - stripe);
      context.fillStyle = classColour(answer.class_of_unit[unit]);
      context.fillRect(left, top + size - stripe, size, stripe);
      if (unit !== fieldOf(page.state.unit)) return;
      context.strokeStyle = ink('accent');
      context.lineWidth = 2;
      context.strokeRect(left - gap / 2, top - gap / 2, size + gap, size + gap);
    });
  }

  function tell() {
    frame.empty(answer.empty);
    sort.hidden = size.hidden = Boolean(answer.empty);
    if (answer.empty) return;
    const [units] = answer.levels.shape;
    frame.note.textContent = `snapshot ${answer.snapshot + 1}/${answer.snapshots}`;
    frame.note.title = `${count(units)} units. Weights of ${answer.projection} at ${clock(answer.t, true)}, stimulus ${answer.stim}; full strength is ${answer.top.toPrecision(3)}`;
    plot.describe(`Receptive fields of ${units} units of ${answer.post} at ${clock(answer.t)}; click one to see it larger`);
  }

  const fieldOf = (unit) => (unit === null ? -1 : Math.floor(unit / answer.each));

  const unitOf = (field) => field * answer.each + answer.middle;

  const choose = (field) => page.set({ layer: answer.post, unit: field === fieldOf(page.state.unit) ? null : unitOf(field) });

  plot.canvas.addEventListener('click', (event) => {
    const { columns: across, cell } = layout(order.length, holder.clientWidth);
    const place = Math.floor(event.offsetY / cell) * across + Math.floor(event.offsetX / cell);
    if (place in order) choose(order[place]);
  });

  plot.canvas.addEventListener('keydown', (event) => {
    const { columns: across } = layout(order.length, holder.clientWidth);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const place = Math.min(order.length - 1, Math.max(0, order.indexOf(fieldOf(page.state.unit)) + step));
    page.set({ layer: answer.post, unit: unitOf(order[place]) });
  });

  function openTable() {
    if (!answer?.levels) return page.openTable('Receptive fields', answer?.empty ?? '', [], []);
    const [units, rows, columns] = answer.levels.shape;
    const mean = (unit) => answer.levels.subarray(unit * rows * columns, (unit + 1) * rows * columns).reduce((a, b) => a + b, 0) / (rows * columns);
    const lines = Array.from({ length: units }, (_, unit) => [unit, page.className(answer.class_of_unit[unit]), ((mean(unit) / 255) * answer.top).toFixed(4)]);
    return page.openTable('Receptive fields', frame.note.title, [answer.each > 1 ? 'map' : 'unit', 'class', 'mean weight'], lines);
  }

  return {
    parameters: () => ({ at: page.cursorShown() ? page.moment() : null }),
    take(given) {
      answer = given;
      sheet = { key: null, image: null };
      tell();
    },
    draw,
  };
}
