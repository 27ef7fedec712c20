// Which neurons speak for one class: a bar a neuron, in the order of the selectivity map.

import { classColour, ink } from '../colour.js';
import { brief } from '../lane.js';
import { card, count, element, label, surface } from '../surface.js';
import { markUnit, unitAxis, unitOrder } from '../unit_axis.js';

const LEFT = 34;
const FOOT = 4;

export function mount(host, page) {
  const frame = card(host, 'Spikes for a class', openTable);
  const chooser = element('select', { title: 'Class' });
  chooser.setAttribute('aria-label', 'Class');
  chooser.addEventListener('change', () => page.set({ 'class_spikes.class': chooser.value }));
  frame.tools.prepend(chooser);
  const holder = element('div', { className: 'class-spikes' });
  frame.body.append(holder);
  const plot = surface(holder, () => draw());
  let answer = null;
  let axis = { left: LEFT, width: 1, order: [] };

  unitAxis(plot.canvas, page, () => axis, (unit) => tell(unit));

  function tell(unit) {
    if (!answer?.responses) return;
    if (unit === null) frame.say(`mean spikes of each neuron a stimulus, ${count(answer.shown)} stimuli of class ${page.className(answer.class)}`);
    else frame.say(`${answer.layer} ${unit}: ${brief(answer.responses[unit])} spikes a stimulus, prefers ${page.className(answer.preferred[unit])}`, true);
  }

  function draw() {
    if (!answer?.responses) return;
    const { context, width, height } = plot.begin();
    axis = { left: LEFT, width: width - LEFT, order: unitOrder(answer, page.state['selectivity.order'] !== 'unit') };
    const top = answer.responses.reduce((most, value) => (value > most ? value : most), 0);
    const wide = axis.width / axis.order.length;
    axis.order.forEach((unit, place) => {
      const tall = top ? ((answer.responses[unit] || 0) / top) * (height - FOOT - 12) : 0;
      context.fillStyle = classColour(answer.preferred[unit]);
      context.globalAlpha = answer.preferred[unit] === answer.class ? 1 : 0.55;
      context.fillRect(LEFT + place * wide, height - FOOT - tall, Math.max(0.7, wide - (wide > 4 ? 1 : 0)), tall);
    });
    context.globalAlpha = 1;
    context.fillStyle = ink('line-strong');
    context.fillRect(LEFT, height - FOOT, axis.width, 1);
    context.textBaseline = 'top';
    label(context, brief(top), 0, 0);
    markUnit(context, page, axis, 8, height - 1);
    plot.describe(`Mean spikes of ${axis.order.length} neurons of ${answer.layer} for class ${page.className(answer.class)}; the most is ${brief(top)}`);
  }

  function openTable() {
    const rows = answer?.responses ? axis.order.slice(0, 1000).map((unit) => [unit, brief(answer.responses[unit]), page.className(answer.preferred[unit])]) : [];
    page.openTable(`Spikes for class ${answer?.responses ? page.className(answer.class) : ''}`, answer?.empty ?? frame.note.textContent, ['unit', 'spikes a stimulus', 'prefers'], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), class: page.state['class_spikes.class'] ?? null, ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      chooser.hidden = Boolean(answer.empty);
      if (answer.empty) return;
      chooser.replaceChildren(...Array.from(answer.classes, (one) => element('option', { value: String(one), textContent: `class ${page.className(one)}` })));
      chooser.value = String(answer.class);
      tell(null);
    },
    draw,
  };
}
