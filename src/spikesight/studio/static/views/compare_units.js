// A point for every unit: this run across, the other upwards. On the diagonal nothing has changed.

import { ink } from '../colour.js';
import { choice } from '../chooser.js';
import { compared } from '../compared.js';
import { brief } from '../lane.js';
import { card, count, element, label, surface } from '../surface.js';

const PAD = 26;
const NEAR = 8; // pixels from a point at which a click is on it

export function mount(host, page) {
  const frame = card(host, 'Unit by unit', openTable);
  const measure = choice(page, 'compare.measure', 'What is compared', [['rate', 'rate', 'Mean rate in the window'], ['selectivity', 'selectivity', 'Selectivity index over the stimuli of the window']]);
  frame.tools.prepend(measure.group);
  const holder = element('div', { className: 'square' });
  const words = element('p', { className: 'note' });
  frame.body.append(holder, words);
  const plot = surface(holder, () => draw());
  let answer = null;

  function scale(width, height) {
    const values = [...answer.one, ...answer.other].filter(Number.isFinite);
    const most = Math.max(1e-9, ...values);
    return { most, x: (value) => PAD + (value / most) * (width - PAD - 8), y: (value) => height - PAD - (value / most) * (height - PAD - 8) };
  }

  function draw() {
    measure.tell();
    if (!answer?.one) return;
    const { context, width, height } = plot.begin();
    const { most, x, y } = scale(width, height);
    context.strokeStyle = ink('line-strong');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x(0), y(0));
    context.lineTo(x(most), y(most));
    context.stroke();
    context.fillStyle = ink('accent');
    context.globalAlpha = answer.one.length > 600 ? 0.3 : 0.6;
    const wide = answer.one.length > 600 ? 2 : 3.5;
    answer.one.forEach((value, i) => {
      if (Number.isFinite(value) && Number.isFinite(answer.other[i])) context.fillRect(x(value) - wide / 2, y(answer.other[i]) - wide / 2, wide, wide);
    });
    context.globalAlpha = 1;
    const { unit } = page.state;
    if (unit !== null && unit < answer.one.length && page.layer() === answer.layer) {
      context.strokeStyle = ink('ink');
      context.lineWidth = 1.5;
      context.strokeRect(x(answer.one[unit]) - 5, y(answer.other[unit]) - 5, 10, 10);
    }
    context.textBaseline = 'middle';
    label(context, `this run, up to ${brief(most)} ${answer.unit}`, PAD, height - 10);
    context.save();
    context.translate(10, height - PAD);
    context.rotate(-Math.PI / 2);
    label(context, 'other run', 0, 0);
    context.restore();
  }

  plot.canvas.addEventListener('click', (event) => {
    if (!answer?.one) return;
    const { x, y } = scale(plot.canvas.clientWidth, plot.canvas.clientHeight);
    const far = (i) => Math.hypot(x(answer.one[i]) - event.offsetX, y(answer.other[i]) - event.offsetY);
    let best = 0;
    for (let i = 1; i < answer.one.length; i += 1) if (far(i) < far(best) || !Number.isFinite(far(best))) best = i;
    if (far(best) <= NEAR) page.set({ unit: best, layer: answer.layer });
  });
  // Keys walk through the units from the lowest value in this run to the highest.
  plot.canvas.tabIndex = 0;
  plot.canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!step || !answer?.one) return;
    event.preventDefault();
    event.stopPropagation();
    const order = Array.from(answer.one.keys()).filter((unit) => Number.isFinite(answer.one[unit]) && Number.isFinite(answer.other[unit])).sort((a, b) => answer.one[a] - answer.one[b] || a - b);
    const place = order.indexOf(page.layer() === answer.layer ? page.state.unit : -1) + step;
    if (order.length) page.set({ unit: order[Math.min(order.length - 1, Math.max(0, place))], layer: answer.layer });
  });

  function openTable() {
    const rows = answer?.one ? Array.from(answer.one, (value, i) => [i, brief(value), brief(answer.other[i]), brief(answer.other[i] - value)]) : [];
    page.openTable(`${answer?.measure ?? ''} of ${answer?.layer ?? ''} in both runs`, answer?.empty ?? words.textContent, ['unit', ...(answer?.names ?? []), 'difference'], rows);
  }

  return {
    parameters: () => ({ ...compared(page), ...page.windowParameters(), at: page.cursor(), layer: page.state.layer, measure: page.state['compare.measure'] ?? null }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      frame.note.textContent = given.layer;
      words.textContent = `${count(given.rose)} of ${count(given.known)} units rose, ${count(given.fell)} fell; mean difference ${given.mean_difference === null ? '–' : brief(given.mean_difference)} ${given.unit}. A click or the arrow keys choose a unit.`;
      plot.describe(`${given.measure} of each unit of ${given.layer} in both runs. ${words.textContent}`);
    },
    draw,
  };
}
