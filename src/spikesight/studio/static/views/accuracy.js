// Accuracy over the whole run, with loss and marks, and the window of the lanes as a brush on it.

import { ink } from '../colour.js';
import { flag } from '../flags.js';
import { count, element, label, percent, surface, tableButton } from '../surface.js';
import { clock } from '../time.js';

const PAD = { top: 8, bottom: 4 };
const LEAST_DRAG = 5;
const NEAR = 5; // pixels from a flag at which the pointer is on it
const HOW = 'Drag to choose a window, double click for the whole run';

export function mount(host, page) {
  const value = element('strong', { className: 'figure' });
  const told = element('span');
  const gutter = element('div', { className: 'gutter' }, element('h3', { textContent: 'Accuracy' }), value, told);
  const reason = element('p', { className: 'empty', hidden: true });
  gutter.append(tableButton('Accuracy', openTable));
  host.replaceChildren(gutter);
  const plot = surface(host, () => draw());
  plot.canvas.after(reason);
  let answer = null;

  const x = (t, width) => ((t - page.extent[0]) / (page.extent[1] - page.extent[0])) * width;
  const y = (fraction, height) => PAD.top + (1 - fraction) * (height - PAD.top - PAD.bottom);

  function grid(context, width, height) {
    for (const level of [0, 0.5, 1]) {
      context.fillStyle = ink('line');
      context.fillRect(0, Math.round(y(level, height)), width, 1);
    }
  }

  function labels(context, width, height) {
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    if (answer.control !== null) label(context, `untrained ${percent(answer.control)}`, width - 3, y(answer.control, height) + (answer.control > 0.3 ? 9 : -9));
    context.textAlign = 'left';
    label(context, '100 %', 3, y(1, height) + 1);
  }

  function control(context, width, height) {
    if (answer.control === null) return;
    context.strokeStyle = ink('soft');
    context.lineWidth = 1;
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(0, y(answer.control, height));
    context.lineTo(width, y(answer.control, height));
    context.stroke();
    context.setLineDash([]);
  }

  function curve(context, width, height) {
    context.strokeStyle = ink('accent');
    context.lineWidth = 1.75;
    context.lineJoin = 'round';
    context.beginPath();
    answer.t.forEach((t, i) => context.lineTo(x(t, width), y(answer.value[i], height)));
    context.stroke();
    context.lineTo(x(answer.t.at(-1), width), y(0, height));
    context.lineTo(x(answer.t[0], width), y(0, height));
    context.globalAlpha = 0.1;
    context.fillStyle = ink('accent');
    context.fill();
    context.globalAlpha = 1;
  }

  /** The loss, to its own scale: from the bottom of the strip to its highest value. */
  function loss(context, width, height) {
    const top = Math.max(1e-12, ...answer.loss.value.filter(Number.isFinite));
    context.strokeStyle = ink('faint');
    context.lineWidth = 1.25;
    context.beginPath();
    answer.loss.t.forEach((t, i) => context.lineTo(x(t, width), y(answer.loss.value[i] / top, height)));
    context.stroke();
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    label(context, `loss ≤ ${Number(top.toPrecision(3))}`, width - 3, y(1, height) + 1);
    context.textAlign = 'left';
  }

  function brush(context, width, height) {
    if (page.state.t0 === null) return;
    const { t0, t1 } = page.window();
    const [left, right] = [x(t0, width), Math.max(x(t1, width), x(t0, width) + 2)];
    context.fillStyle = ink('veil');
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.strokeStyle = ink('accent');
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, right - left - 1, height - 1);
  }

  function draw() {
    const { context, width, height } = plot.begin();
    const there = Boolean(answer?.t?.length);
    reason.hidden = there;
    reason.textContent = answer?.empty ?? answer?.why ?? '';
    grid(context, width, height);
    if (answer?.loss?.t.length) loss(context, width, height);
    if (answer?.marks) answer.marks.t.forEach((t) => flag(context, x(t, width), 1, height));
    if (there) {
      control(context, width, height);
      curve(context, width, height);
      labels(context, width, height);
    }
    brush(context, width, height);
    const now = x(page.moment(), width);
    context.fillStyle = ink('ink');
    if (page.cursorShown()) context.fillRect(Math.round(now), 0, 1, height);
    describe(there);
  }

  function describe(there) {
    value.textContent = there ? percent(answer.value.at(-1)) : '–';
    told.textContent = there ? answer.source : '';
    told.title = told.textContent;
    plot.describe(there
      ? `Accuracy over the run: ${percent(answer.value[0])} at ${clock(answer.t[0])}, ${percent(answer.value.at(-1))} at ${clock(answer.t.at(-1))}`
      : `No accuracy to show: ${answer?.empty ?? answer?.why ?? 'waiting for the first answer'}`);
  }

  function openTable() {
    const rows = answer?.t ? Array.from(answer.t, (t, i) => [clock(t, true), percent(answer.value[i])]) : [];
    page.openTable('Accuracy over the run', answer?.empty ?? answer?.why ?? `${count(rows.length)} points, ${answer?.source ?? ''}`, ['time', 'accuracy'], rows);
  }

  let press = null;
  const fraction = (event) => {
    const box = plot.canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const time = (part) => page.extent[0] + part * (page.extent[1] - page.extent[0]);

  plot.canvas.addEventListener('pointerdown', (event) => {
    const { t0, t1 } = page.window();
    const at = time(fraction(event));
    press = { x: event.clientX, at, grip: page.state.t0 !== null && at > t0 && at < t1 ? at - t0 : null };
    plot.canvas.setPointerCapture(event.pointerId);
  });
  plot.canvas.addEventListener('pointermove', (event) => {
    plot.canvas.title = markAt(event) ?? HOW;
    if (!press || Math.abs(event.clientX - press.x) < LEAST_DRAG) return;
    const at = time(fraction(event));
    const { t0, t1 } = page.window();
    if (press.grip !== null) page.show(at - press.grip, at - press.grip + t1 - t0);
    else page.show(Math.min(at, press.at), Math.max(at, press.at));
  });
  plot.canvas.addEventListener('pointerup', (event) => {
    const { t0, t1 } = page.window();
    if (press && Math.abs(event.clientX - press.x) < LEAST_DRAG && page.state.t0 !== null) {
      page.show(press.at - (t1 - t0) / 2, press.at + (t1 - t0) / 2);
    }
    press = null;
  });
  plot.canvas.addEventListener('dblclick', () => page.whole());
  plot.canvas.title = HOW;

  /** The mark under the pointer, in words. */
  function markAt(event) {
    const { left, width } = plot.canvas.getBoundingClientRect();
    const place = (answer?.marks?.t ?? []).findIndex((t) => Math.abs(x(t, width) - (event.clientX - left - NEAR / 2)) <= NEAR);
    return place < 0 ? null : answer.marks.texts[place] || answer.marks.names[place];
  }

  return { parameters: () => ({}), take: (given) => { answer = given; }, draw };
}
