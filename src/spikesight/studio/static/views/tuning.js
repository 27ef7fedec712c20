// How one neuron answers to the classes, as a rose: an axis a class, the further out the more spikes.

import { unitOf } from '../chooser.js';
import { classColour, ink } from '../colour.js';
import { brief } from '../lane.js';
import { card, element, surface } from '../surface.js';

const RINGS = [0.25, 0.5, 0.75, 1];

export function mount(host, page) {
  const frame = card(host, 'Tuning', openTable);
  const holder = element('div', { className: 'rose' });
  frame.body.append(holder);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    if (!answer?.responses) return;
    const { context, width, height } = plot.begin();
    const [x, y, radius] = [width / 2, height / 2, Math.min(width, height) / 2 - 20];
    const values = Array.from(answer.responses, (value) => (Number.isFinite(value) ? value : 0));
    const top = Math.max(1e-9, ...values);
    const point = (i, part) => {
      const angle = (2 * Math.PI * i) / values.length - Math.PI / 2;
      return [x + Math.cos(angle) * radius * part, y + Math.sin(angle) * radius * part];
    };
    rings(context, values.length, point);
    context.beginPath();
    values.forEach((value, i) => context.lineTo(...point(i, value / top)));
    context.closePath();
    context.fillStyle = context.strokeStyle = ink('accent');
    context.globalAlpha = 0.16;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.stroke();
    names(context, values, top, point);
  }

  function rings(context, sides, point) {
    context.strokeStyle = ink('line');
    context.lineWidth = 1;
    for (const part of RINGS) {
      context.beginPath();
      for (let i = 0; i < sides; i += 1) context.lineTo(...point(i, part));
      context.closePath();
      context.stroke();
    }
    for (let i = 0; i < sides; i += 1) {
      context.beginPath();
      context.moveTo(...point(i, 0));
      context.lineTo(...point(i, 1));
      context.stroke();
    }
  }

  function names(context, values, top, point) {
    context.textBaseline = 'middle';
    const every = Math.ceil(values.length / 24);
    values.forEach((value, i) => {
      const one = answer.classes[i];
      context.fillStyle = classColour(one);
      context.beginPath();
      context.arc(...point(i, value / top), 2.5, 0, 7);
      context.fill();
      context.font = `${one === answer.preferred ? 700 : 500} 11px ${ink('font')}`;
      const [left, high] = point(i, 1);
      const [x, y] = point(i, 0);
      const away = 12 / Math.hypot(left - x, high - y);
      context.textAlign = Math.abs(left - x) < 8 ? 'center' : left > x ? 'left' : 'right';
      if (i % every === 0) context.fillText(page.className(one).slice(0, 9), left + (left - x) * away, high + (high - y) * away);
    });
    context.textAlign = 'left';
  }

  function tell() {
    frame.empty(answer.empty);
    if (answer.empty) return;
    const most = Math.max(0, ...Array.from(answer.responses).filter(Number.isFinite));
    frame.note.textContent = `${answer.layer} ${answer.unit}, selectivity index ${brief(answer.index ?? NaN)}; outer ring: ${brief(most)} spikes a stimulus`;
    frame.note.title = `${frame.note.textContent}. ${answer.note} The index is (best - others) / (best + others).`;
    plot.describe(`Answers of neuron ${answer.unit} of ${answer.layer} to ${answer.classes.length} classes, most to ${page.className(answer.preferred)}: ${brief(most)} spikes a stimulus`);
  }

  function openTable() {
    const rows = answer?.responses ? Array.from(answer.responses, (value, i) => [page.className(answer.classes[i]), brief(value)]) : [];
    page.openTable('Tuning', answer?.empty ?? frame.note.textContent, ['class', 'spikes a stimulus'], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), unit: unitOf(page), ...page.windowParameters() }),
    take(given) {
      answer = given;
      tell();
    },
    draw,
  };
}
