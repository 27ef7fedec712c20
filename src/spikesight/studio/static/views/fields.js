// The receptive fields of a layer, large: weights at the cursor, a field a neuron, pruned synapses on demand.

import { choice, projectionChooser } from '../chooser.js';
import { change, classColour, ink, picture, strength, theme } from '../colour.js';
import { brief } from '../lane.js';
import { mosaic } from '../mosaic.js';
import { card, count, element, percent } from '../surface.js';
import { clock } from '../time.js';

const STRIPE = 4;

/** Paint pruned points over a picture of all fields: a quiet hatching of the colour of what is wrong. */
function paint(sheet, pruned, columns) {
  const context = sheet.getContext('2d');
  context.fillStyle = ink('wrong');
  pruned.forEach((zero, i) => { if (zero) context.fillRect(i % columns, Math.floor(i / columns), 1, 1); });
  return sheet;
}

export function mount(host, page) {
  const frame = card(host, 'Receptive fields', openTable);
  const sort = choice(page, 'fields.order', 'Order of the fields', [['unit', 'by number', 'Fields as the neurons are numbered'], ['class', 'by class', 'Fields in the order of the class of their neurons']]);
  const pruned = choice(page, 'fields.pruned', 'Synapses that are exactly zero', [['hide', 'weights', 'Weights alone'], ['show', 'pruned', 'Paint synapses that are exactly zero']]);
  const shape = element('input', { className: 'shape', placeholder: 'shape', title: 'How the inputs lie, such as 28x28, where the trace does not say', size: 7 });
  shape.setAttribute('aria-label', shape.title);
  shape.addEventListener('change', () => page.set({ 'fields.shape': shape.value.trim() || null }));
  frame.tools.prepend(sort.group, pruned.group, shape);
  const tell = projectionChooser(page, 'synapses', () => answer?.projection ?? page.state.projection);
  let answer = null;
  let order = [];
  let sheet = { key: null, image: null };

  const tiles = mosaic(frame.body, {
    shown: () => answer?.levels && { sheet: image(), count: order.length, columns: answer.levels.shape[2], rows: answer.levels.shape[1], from: (place) => order[place] },
    tall: () => Math.max(260, innerHeight * 0.62),
    below: STRIPE + 1,
    most: 150,
    chosen: () => order.indexOf(fieldOf(page.state.unit)),
    choose: (place, point) => page.set({ layer: answer.post, unit: point && order[place] === fieldOf(page.state.unit) ? null : order[place] * answer.each + answer.middle }),
    over: (place, point) => note(place === null ? null : order[place], point),
    mark(context, place, { left, top, wide, high }) {
      context.fillStyle = classColour(answer.class_of_unit[order[place]]);
      context.fillRect(left, top + high + 1, wide, STRIPE - 1);
    },
  });

  /** The field of a unit: units that share their weights share one. */
  const fieldOf = (unit) => (unit === null || !answer?.levels ? -1 : Math.floor(unit / answer.each));

  function image() {
    const key = `${theme()} ${page.state['fields.pruned']}`;
    if (sheet.key === key) return sheet.image;
    const [units, rows, columns] = answer.levels.shape;
    const drawn = picture(answer.levels, columns, rows * units, answer.signed ? change() : strength());
    sheet = { key, image: answer.pruned ? paint(drawn, answer.pruned, columns) : drawn };
    return sheet.image;
  }

  function arrange() {
    order = Array.from({ length: answer.levels.shape[0] }, (_, unit) => unit);
    const rank = (unit) => (answer.class_of_unit[unit] < 0 ? Infinity : answer.class_of_unit[unit]);
    if (sort.chosen() === 'class') order.sort((a, b) => rank(a) - rank(b) || a - b);
  }

  const weight = (level) => (answer.signed ? ((level - 128) / 127) * answer.top : (level / 255) * answer.top);

  function note(unit, point) {
    if (!answer?.levels) return;
    const [units, rows, columns] = answer.levels.shape;
    if (unit !== null && unit !== undefined) {
      frame.say(`${answer.post} ${answer.each > 1 ? 'map ' : ''}${unit}, class ${page.className(answer.class_of_unit[unit])}, x ${point.x}, y ${point.y}: ${brief(weight(answer.levels[(unit * rows + point.y) * columns + point.x]))}`, true);
      return;
    }
    const some = units < answer.units ? `the first ${count(units)} of ${count(answer.units)}` : count(units);
    frame.say(`${some} ${answer.each > 1 ? 'maps' : 'neurons'} of ${answer.post} at ${clock(answer.t, true)}, snapshot ${answer.snapshot + 1}/${answer.snapshots}; full strength ${brief(answer.top)}; ${percent(answer.zeros)} exactly zero`);
  }

  function draw() {
    tell();
    sort.tell();
    pruned.tell();
    if (document.activeElement !== shape) shape.value = page.state['fields.shape'] ?? '';
    if (!answer?.levels) return;
    arrange();
    tiles.draw();
    tiles.plot.describe(`Receptive fields of ${order.length} ${answer.each > 1 ? 'maps' : 'neurons'} of ${answer.post} at ${clock(answer.t)}, ${percent(answer.zeros)} of the synapses exactly zero; click one to follow it through the run`);
  }

  function openTable() {
    if (!answer?.levels) return page.openTable('Receptive fields', answer?.empty ?? '', [], []);
    const [units, rows, columns] = answer.levels.shape;
    const size = rows * columns;
    const lines = Array.from({ length: Math.min(units, 1000) }, (_, unit) => [unit, page.className(answer.class_of_unit[unit]), brief(answer.levels.subarray(unit * size, (unit + 1) * size).reduce((sum, level) => sum + weight(level), 0) / size)]);
    return page.openTable('Receptive fields', frame.note.textContent, [answer.each > 1 ? 'map' : 'unit', 'class', 'mean weight'], lines);
  }

  return {
    parameters: () => ({ projection: page.state.projection, at: page.cursor(), shape: page.state['fields.shape'] ?? null, pruned: page.state['fields.pruned'] ?? null }),
    take(given) {
      answer = given;
      sheet = { key: null, image: null };
      frame.empty(answer.empty);
      sort.group.hidden = pruned.group.hidden = Boolean(answer.empty);
      note(null);
    },
    draw,
  };
}
