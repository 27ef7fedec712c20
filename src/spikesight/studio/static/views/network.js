// The network: a box per population with its shape and how active its units were, an arrow per bundle of synapses.

import { ink, layerColour, picture, strength } from '../colour.js';
import { brief } from '../lane.js';
import { card, count, element, surface } from '../surface.js';

const BOX = { width: 118, picture: 84, words: 34, apart: 24 };
const ROW_GAP = 22;

export function mount(host, page) {
  const frame = card(host, 'Network', openTable);
  const holder = element('div', { className: 'network' });
  const note = element('p', { className: 'note' });
  frame.body.append(holder, note);
  const plot = surface(holder, () => draw());
  plot.canvas.tabIndex = 0;
  let answer = null;
  let boxes = new Map();

  /** A box for each layer: columns by distance from the input, layers of one column under each other. */
  function layout(width) {
    const columns = [];
    answer.layers.forEach((layer, index) => (columns[layer.column] ??= []).push({ layer, index }));
    const filled = answer.projections.length ? columns.filter(Boolean) : sideBySide(width);
    const tall = BOX.picture + BOX.words;
    const deepest = Math.max(...filled.map((column) => column.length));
    const height = deepest * tall + (deepest - 1) * ROW_GAP;
    const wide = Math.min(BOX.width, width / (filled.length + 0.6 * (filled.length - 1)));
    const step = filled.length > 1 ? Math.min((width - wide) / (filled.length - 1), (answer.projections.length ? 2.6 : 1.4) * BOX.width) : 0;
    boxes = new Map(filled.flatMap((column, across) => column.map(({ layer, index }, down) => [layer.name, {
      layer,
      index,
      left: across * step,
      top: answer.projections.length ? (height - column.length * tall - (column.length - 1) * ROW_GAP) / 2 + down * (tall + ROW_GAP) : down * (tall + ROW_GAP),
      width: wide,
    }])));
    return height;
  }

  /** Where no projection is known, order means nothing: as many columns as there is room for. */
  function sideBySide(width) {
    const across = Math.min(answer.layers.length, Math.max(1, Math.floor(width / (BOX.width + BOX.apart))));
    return Array.from({ length: across }, (_, column) => answer.layers.map((layer, index) => ({ layer, index })).filter(({ index }) => index % across === column));
  }

  function draw() {
    if (!answer?.layers) return;
    const height = layout(holder.clientWidth);
    holder.style.height = `${height}px`;
    const { context } = plot.begin();
    for (const one of answer.projections) arrow(context, one);
    for (const box of boxes.values()) drawBox(context, box);
  }

  function drawBox(context, { layer, index, left, top, width }) {
    const [rows, columns] = layer.levels.shape;
    const scale = Math.min((width - 4) / columns, (BOX.picture - 4) / rows);
    const [wide, tall] = [columns * scale, rows * scale];
    context.fillStyle = ink('sheet');
    context.fillRect(left, top, width, BOX.picture);
    context.drawImage(picture(layer.levels, columns, rows, strength()), left + (width - wide) / 2, top + (BOX.picture - tall) / 2, wide, tall);
    const chosen = layer.name === page.layer();
    context.strokeStyle = chosen ? ink('accent') : ink('line-strong');
    context.lineWidth = chosen ? 2 : 1;
    context.strokeRect(left + 0.5, top + 0.5, width - 1, BOX.picture - 1);
    context.fillStyle = layerColour(index);
    context.fillRect(left, top + BOX.picture + 8, 8, 8);
    context.textBaseline = 'top';
    context.fillStyle = ink('ink');
    context.font = `650 12px ${ink('font')}`;
    context.fillText(layer.name, left + 13, top + BOX.picture + 5, width - 14);
    context.fillStyle = ink('soft');
    context.font = `11px ${ink('font')}`;
    const shape = layer.shape.length > 1 ? layer.shape.join(' × ') : count(layer.size);
    context.fillText(`${shape} · ${brief(layer.hz)} Hz`, left, top + BOX.picture + 20, width);
  }

  /** From the right side of one box to the left side of the next; back and around below where it does not lead on. */
  function arrow(context, one) {
    const [from, to] = [boxes.get(one.pre), boxes.get(one.post)];
    if (!from || !to) return;
    const onwards = to.left > from.left;
    const start = { x: onwards ? from.left + from.width : from.left + from.width / 2, y: from.top + (onwards ? BOX.picture / 2 : 0) };
    const end = { x: onwards ? to.left : to.left + to.width / 2 + (from === to ? 24 : 0), y: to.top + (onwards ? BOX.picture / 2 : 0) };
    const bend = onwards ? 0 : 18;
    context.strokeStyle = context.fillStyle = ink('faint');
    context.lineWidth = one.recorded ? 2 : 1.25;
    context.beginPath();
    context.moveTo(start.x, start.y);
    const middle = (start.x + end.x) / 2;
    if (onwards) context.bezierCurveTo(middle, start.y, middle, end.y, end.x - 6, end.y);
    else context.bezierCurveTo(start.x, start.y - bend, end.x, end.y - bend, end.x, end.y - 6);
    context.stroke();
    context.beginPath();
    if (onwards) { context.moveTo(end.x, end.y); context.lineTo(end.x - 8, end.y - 4.5); context.lineTo(end.x - 8, end.y + 4.5); }
    else { context.moveTo(end.x, end.y); context.lineTo(end.x - 4.5, end.y - 8); context.lineTo(end.x + 4.5, end.y - 8); }
    context.fill();
    if (!onwards || end.x - start.x < 90) return;
    context.font = `11px ${ink('font')}`;
    context.textAlign = 'center';
    context.fillStyle = ink('soft');
    context.textBaseline = 'bottom';
    const y = (start.y + end.y) / 2;
    context.fillText(`${count(Math.round(one.synapses))} synapses`, middle, y - 5, end.x - start.x - 20);
    context.textBaseline = 'top';
    context.fillText(`fan-out ${count(Math.round(one.fan_out))}`, middle, y + 6, end.x - start.x - 20);
    context.textAlign = 'left';
  }

  function tell() {
    frame.note.textContent = `${count(answer.layers.reduce((sum, one) => sum + one.size, 0))} units, ${count(answer.projections.reduce((sum, one) => sum + one.synapses, 0))} recorded synapses`;
    note.textContent = `Spikes of each unit in the window.${answer.apart.length ? ` How ${answer.apart.join(', ')} ${answer.apart.length > 1 ? 'are' : 'is'} connected was not recorded.` : ''}`;
    plot.describe(`Network: ${answer.layers.map((one) => `${one.name} ${one.shape.join(' × ')}`).join(', ')}; ${answer.projections.map((one) => `${one.pre} to ${one.post}, ${count(one.synapses)} synapses`).join(', ')}. Arrow keys choose a population`);
  }

  const choose = (name) => page.set({ layer: name, unit: null });

  plot.canvas.addEventListener('click', ({ offsetX: x, offsetY: y }) => {
    const hit = [...boxes.values()].find((box) => x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + BOX.picture + BOX.words);
    if (hit) choose(hit.layer.name);
  });
  plot.canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!step || !answer?.layers) return;
    event.preventDefault();
    event.stopPropagation();
    const names = answer.layers.map((one) => one.name);
    choose(names[(names.indexOf(page.layer()) + step + names.length) % names.length]);
  });

  function openTable() {
    const rows = answer?.layers ? [
      ...answer.layers.map((one) => [one.name, one.shape.join(' × '), `${count(one.spikes)} spikes`, `${count(one.active)} of ${count(one.size)} units active`]),
      ...answer.projections.map((one) => [one.name, `${one.pre} → ${one.post}`, `${count(one.synapses)} synapses`, `fan-out ${brief(one.fan_out)}`]),
    ] : [];
    page.openTable('Network', answer?.empty ?? note.textContent, ['name', 'shape or ends', 'how much', 'how many'], rows);
  }

  return {
    parameters: () => page.windowParameters(),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (!given.empty) tell();
    },
    draw,
  };
}
