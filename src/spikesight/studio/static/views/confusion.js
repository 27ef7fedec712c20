// The confusion matrix of the window, large, and those of the blocks of the run, small. A cell leads to its stimuli.

import { classColour, ink, strength } from '../colour.js';
import { card, count, element, percent, surface } from '../surface.js';
import { clock } from '../time.js';

const ROOM = 96; // pixels of the names at the left and above
const SMALL = 84; // pixels of a small matrix

/** What part of the stimuli of a class each cell has: rows add up to 1. */
function shares(counts, rows, columns) {
  return Float32Array.from(counts, (value, i) => {
    const row = Math.floor(i / columns);
    let sum = 0;
    for (let k = 0; k < columns; k += 1) sum += counts[row * columns + k];
    return sum ? value / sum : 0;
  });
}

const tone = (share) => {
  const level = Math.round(255 * Math.sqrt(share));
  return `rgb(${strength().slice(level * 3, level * 3 + 3).join(' ')})`;
};

function paint(context, given, rows, columns, box) {
  const part = shares(given, rows, columns);
  const [wide, tall] = [box.width / columns, box.height / rows];
  const gap = wide > 8 ? 1 : 0;
  for (let i = 0; i < part.length; i += 1) {
    context.fillStyle = tone(part[i]);
    context.fillRect(box.left + (i % columns) * wide, box.top + Math.floor(i / columns) * tall, wide - gap, tall - gap);
  }
  return { part, wide, tall };
}

export function mount(host, page) {
  const frame = card(host, 'Confusion', openTable);
  const holder = element('div', { className: 'confusion' });
  const small = element('div', { className: 'blocks' });
  const told = element('p', { className: 'note' });
  frame.body.append(holder, told, element('h3', { textContent: 'Through the run' }), small);
  const plot = surface(holder, () => draw());
  plot.canvas.tabIndex = 0;
  let answer = null;
  let over = null;

  const size = () => answer.classes.length;
  const box = () => ({ left: ROOM, top: 22, width: plot.canvas.clientWidth - ROOM - 4, height: plot.canvas.clientHeight - 26 });
  /** The row and column of the cell that was chosen, null where none was. */
  function chosen() {
    const [label, taken] = (page.state['confusion.cell'] ?? '').split('-');
    const row = label ? answer.classes.indexOf(Number(label)) : -1;
    const column = taken === 'none' ? size() : answer.classes.indexOf(Number(taken));
    return row >= 0 && column >= 0 ? { row, column } : null;
  }
  const columnName = (j) => (j === size() ? 'none' : page.className(answer.classes[j]));

  function draw() {
    if (!answer?.counts) return;
    const n = size();
    holder.style.height = `${Math.min(520, Math.max(220, n * 30 + 26))}px`;
    const { context } = plot.begin();
    const area = box();
    const { part, wide, tall } = paint(context, answer.counts, n, n + 1, area);
    names(context, area, wide, tall);
    if (tall > 17 && wide > 30) figures(context, area, part, wide, tall);
    const cell = chosen();
    if (cell) mark(context, area, cell, wide, tall);
    blocks();
    tell();
  }

  function mark(context, area, { row, column }, wide, tall) {
    context.strokeStyle = ink('accent');
    context.lineWidth = 2;
    context.strokeRect(area.left + column * wide, area.top + row * tall, wide - 1, tall - 1);
  }

  function names(context, area, wide, tall) {
    context.font = `600 11px ${ink('font')}`;
    context.textBaseline = 'middle';
    for (let i = 0; i < size(); i += 1) {
      if (tall < 9 && i % Math.ceil(9 / tall)) continue;
      context.textAlign = 'right';
      context.fillStyle = classColour(answer.classes[i]);
      context.fillText(page.className(answer.classes[i]).slice(0, 10), area.left - 8, area.top + (i + 0.5) * tall);
    }
    context.textAlign = 'center';
    for (let j = 0; j <= size(); j += 1) {
      if (wide < 14 && j % Math.ceil(14 / wide)) continue;
      context.fillStyle = j === size() ? ink('soft') : classColour(answer.classes[j]);
      context.fillText(columnName(j).slice(0, Math.max(2, Math.floor(wide / 7))), area.left + (j + 0.5) * wide, 11);
    }
    context.textAlign = 'left';
    context.fillStyle = ink('soft');
    context.font = `10px ${ink('font')}`;
    context.fillText('shown ↓ taken for →', 0, 11);
  }

  function figures(context, area, part, wide, tall) {
    context.font = `10.5px ${ink('font')}`;
    context.textAlign = 'center';
    const dark = document.documentElement.dataset.theme === 'dark';
    answer.counts.forEach((value, i) => {
      if (!value) return;
      const strong = Math.sqrt(part[i]) > 0.55;
      context.fillStyle = strong !== dark ? '#fff' : ink('ink');
      if (dark && strong) context.fillStyle = '#0c1014';
      context.fillText(count(value), area.left + ((i % (size() + 1)) + 0.5) * wide, area.top + (Math.floor(i / (size() + 1)) + 0.5) * tall);
    });
    context.textAlign = 'left';
  }

  /** The row and column under an event, null beside the matrix. */
  function under(event) {
    const area = box();
    const column = Math.floor(((event.offsetX - area.left) / area.width) * (size() + 1));
    const row = Math.floor(((event.offsetY - area.top) / area.height) * size());
    return row >= 0 && row < size() && column >= 0 && column <= size() ? { row, column } : null;
  }

  const choose = ({ row, column }) => page.set({ 'confusion.cell': `${answer.classes[row]}-${column === size() ? 'none' : answer.classes[column]}` });

  function tell() {
    const cell = over;
    if (!cell) {
      let right = 0;
      for (let i = 0; i < size(); i += 1) right += answer.counts[i * (size() + 1) + i];
      told.textContent = `${count(answer.stimuli)} stimuli in the window, ${answer.stimuli ? percent(right / answer.stimuli) : '–'} on the diagonal. A click on a cell lists its stimuli; rows are shaded by their share.`;
      return;
    }
    const value = answer.counts[cell.row * (size() + 1) + cell.column];
    told.textContent = `${page.className(answer.classes[cell.row])} ${cell.column === size() ? 'without a prediction' : cell.row === cell.column ? 'recognised' : `taken for ${columnName(cell.column)}`}: ${count(value)} stimuli.`;
  }

  plot.canvas.addEventListener('pointermove', (event) => { over = answer?.counts ? under(event) : null; if (answer?.counts) tell(); });
  plot.canvas.addEventListener('pointerleave', () => { over = null; if (answer?.counts) tell(); });
  plot.canvas.addEventListener('click', (event) => { const cell = answer?.counts && under(event); if (cell) choose(cell); });
  plot.canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !answer?.counts) return;
    event.preventDefault();
    event.stopPropagation();
    const { row, column } = chosen() ?? { row: 0, column: 0 };
    choose({ row: Math.min(size() - 1, Math.max(0, row + step[0])), column: Math.min(size(), Math.max(0, column + step[1])) });
  });

  function build() {
    const { t_start: start, t_end: end, accuracy } = answer.blocks;
    small.replaceChildren(...Array.from(start, (t, k) => {
      const canvas = element('canvas', { width: 2 * SMALL, height: 2 * SMALL });
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', `Confusion from ${clock(t)} to ${clock(end[k])}, ${Number.isFinite(accuracy[k]) ? percent(accuracy[k]) : 'nothing'} right`);
      const button = element('button', { title: 'Show this stretch of time' }, canvas, element('span', { textContent: clock(t) }), element('span', { className: 'note', textContent: Number.isFinite(accuracy[k]) ? percent(accuracy[k]) : '–' }));
      button.addEventListener('click', () => page.show(t, end[k]));
      return button;
    }));
  }

  function blocks() {
    const n = size();
    const each = n * (n + 1);
    [...small.querySelectorAll('canvas')].forEach((canvas, k) => {
      const context = canvas.getContext('2d');
      context.clearRect(0, 0, canvas.width, canvas.height);
      paint(context, answer.blocks.counts.subarray(k * each, (k + 1) * each), n, n + 1, { left: 0, top: 0, width: canvas.width, height: canvas.height });
    });
  }

  function openTable() {
    const rows = answer?.counts ? Array.from(answer.classes, (label, i) => [page.className(label), ...Array.from(answer.counts.subarray(i * (size() + 1), (i + 1) * (size() + 1)))]) : [];
    page.openTable('Confusion in the window', answer?.empty ?? told.textContent, ['shown', ...(answer?.counts ? Array.from({ length: size() + 1 }, (_, j) => columnName(j)) : [])], rows);
  }

  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      build();
      plot.describe(`Confusion of ${size()} classes over ${count(given.stimuli)} stimuli of the window`);
    },
    draw,
  };
}
