// Selectivity map: units from left to right, sorted by the class they prefer; classes from top to bottom.

import { choice, layerChooser, unitOf } from '../chooser.js';
import { classColour, ink, picture, strength, theme } from '../colour.js';
import { brief } from '../lane.js';
import { card, count, element, surface } from '../surface.js';
import { fullStrength, markUnit, once, strongest, unitAxis, unitOrder } from '../unit_axis.js';

const MOST_LEFT = 76; // pixels of the names of classes
const STRIPE = 6; // pixels of the class a unit prefers
const INDEX = 30; // pixels of the selectivity index
const MOST_IN_TABLE = 1000;

export function mount(host, page) {
  const frame = card(host, 'Selectivity', openTable);
  const scale = choice(page, 'selectivity.scale', 'What full strength is', [['spikes', 'spikes', 'Full strength is the same for all neurons'], ['share', 'share', 'Full strength is the largest answer of each neuron']]);
  const order = choice(page, 'selectivity.order', 'Order of the neurons', [['class', 'by class', 'Neurons in the order of the class that they prefer'], ['unit', 'by number', 'Neurons as they are numbered']]);
  frame.tools.prepend(scale.group, order.group);
  const tell = layerChooser(page, 'neurons');
  const holder = element('div', { className: 'heat' });
  frame.body.append(holder);
  const plot = surface(holder, () => draw());
  let answer = null;
  let axis = { left: 34, width: 1, order: [] };
  let said = null;

  unitAxis(plot.canvas, page, () => axis, (unit, event) => {
    said = unit === null ? null : { unit, row: Math.floor((event.offsetY / (plot.canvas.clientHeight - STRIPE - INDEX)) * answer.classes.length) };
    note();
  });

  function note() {
    if (!answer?.responses) return;
    const { unit, row } = said ?? {};
    const value = said && row >= 0 && row < answer.classes.length ? `, class ${page.className(answer.classes[row])}: ${brief(answer.responses[row * answer.preferred.length + unit])} spikes a stimulus` : '';
    frame.say(said ? `${answer.layer} ${unit}, index ${brief(answer.index[unit])}${value}` : `${count(answer.preferred.length)} neurons of ${answer.layer}. ${answer.note}`, Boolean(said));
  }

  /** Bytes of strength, a row a class, a column a unit. */
  function levels() {
    const units = axis.order.length;
    const top = fullStrength(answer);
    return Uint8Array.from({ length: answer.responses.length }, (_, i) => {
      const unit = axis.order[i % units];
      const value = answer.responses[Math.floor(i / units) * units + unit];
      const full = scale.chosen() === 'share' ? strongest(answer, unit) : top;
      return value > 0 ? 255 * Math.min(1, value / full) : 0;
    });
  }

  function draw() {
    tell();
    scale.tell();
    order.tell();
    if (!answer?.responses) return;
    holder.style.minHeight = `${Math.min(420, Math.max(170, 20 * answer.classes.length)) + STRIPE + INDEX}px`;
    const { context, width, height } = plot.begin();
    context.font = `600 11px ${ink('font')}`;
    const widest = Math.max(22, ...Array.from(answer.classes, (one) => context.measureText(page.className(one)).width));
    const left = Math.min(MOST_LEFT, widest + 12);
    axis = { left, width: width - left, order: unitOrder(answer, order.chosen() === 'class') };
    const tall = height - STRIPE - INDEX;
    context.imageSmoothingEnabled = axis.order.length > axis.width;
    const image = once(answer, `${theme()} ${scale.chosen()} ${order.chosen()}`, () => picture(levels(), axis.order.length, answer.classes.length, strength()));
    context.drawImage(image, axis.left, 0, axis.width, tall);
    classes(context, tall);
    stripe(context, tall);
    indices(context, tall + STRIPE + 2, height);
    markUnit(context, page, axis, 0, tall + STRIPE);
    note();
    plot.describe(`Answers of ${axis.order.length} neurons of ${answer.layer} to ${answer.classes.length} classes, ${order.chosen() === 'class' ? 'sorted by the class they prefer' : 'by number'}${unitOf(page) === null ? '' : `; neuron ${page.state.unit} is chosen`}`);
  }

  function classes(context, tall) {
    const high = tall / answer.classes.length;
    context.textAlign = 'right';
    context.font = `600 11px ${ink('font')}`;
    context.textBaseline = 'middle';
    answer.classes.forEach((one, row) => {
      context.fillStyle = classColour(one);
      if (high > 9 || row % 5 === 0) context.fillText(page.className(one).slice(0, 11), axis.left - 8, (row + 0.5) * high);
    });
    context.textAlign = 'left';
  }

  function stripe(context, top) {
    const wide = axis.width / axis.order.length;
    axis.order.forEach((unit, place) => {
      context.fillStyle = classColour(answer.preferred[unit]);
      context.fillRect(axis.left + place * wide, top + 1, wide + 0.5, STRIPE - 1);
    });
  }

  /** The selectivity index of each unit, 0 at the bottom, 1 at the top. */
  function indices(context, top, bottom) {
    const wide = axis.width / axis.order.length;
    context.fillStyle = ink('line');
    context.fillRect(axis.left, bottom - 1, axis.width, 1);
    context.fillStyle = ink('faint');
    axis.order.forEach((unit, place) => {
      const tall = (answer.index[unit] || 0) * (bottom - top - 2);
      context.fillRect(axis.left + place * wide, bottom - tall, Math.max(0.7, wide - (wide > 4 ? 1 : 0)), tall);
    });
    context.fillStyle = ink('soft');
    context.font = `10px ${ink('font')}`;
    context.textBaseline = 'bottom';
    context.fillText('index', 0, bottom);
  }

  function openTable() {
    if (!answer?.responses) return page.openTable('Selectivity', answer?.empty ?? '', [], []);
    const units = answer.preferred.length;
    const rows = axis.order.slice(0, MOST_IN_TABLE).map((unit) => [unit, page.className(answer.preferred[unit]), brief(answer.index[unit]), ...Array.from(answer.classes, (_, row) => brief(answer.responses[row * units + unit]))]);
    return page.openTable(`Selectivity of ${answer.layer}`, `${answer.note}${units > rows.length ? ` The first ${rows.length} of ${units} neurons.` : ''}`, ['unit', 'prefers', 'index', ...Array.from(answer.classes, (one) => `class ${page.className(one)}`)], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      scale.group.hidden = order.group.hidden = Boolean(answer.empty);
    },
    draw,
  };
}
