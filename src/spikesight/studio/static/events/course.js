// The course of the recording: events over time, its gaps and triggers, and what the motion sensor felt, under one cursor.

import { ink } from '../colour.js';
import { brief, line } from '../lane.js';
import { count, element, label, surface, tableButton } from '../surface.js';
import { marks } from '../time.js';
import { following } from './following.js';
import { length, rate, stamp } from './time.js';

const BINS = 600;
const LEAST = 2000; // microseconds that the course shows at least
const ZOOM = 1.6;
const AXES = ['accent', 'wrong', 'soft'];

export function mount(host, page) {
  const course = element('div', { className: 'course', tabIndex: 0 });
  course.setAttribute('role', 'slider');
  course.setAttribute('aria-label', 'The cursor, in time since the first event');
  const lanes = new Map();
  host.replaceChildren(course);
  let counts = null;
  let felt = null;

  function lane(name, title, kind, openTable) {
    const words = element('span');
    const gutter = element('div', { className: 'gutter' }, element('h3', { textContent: title }), words);
    if (openTable) gutter.append(tableButton(title || name, openTable));
    const place = element('div', { className: `lane ${kind}` }, gutter);
    place.dataset.lane = name;
    course.append(place);
    const one = { place, words, plot: surface(place, () => page.drawSoon()) };
    lanes.set(name, one);
    return one;
  }
  const rates = lane('rate', 'Events', 'rate', openRates);
  const [pushed, turned] = [lane('acceleration', 'Acceleration', 'motion', openMotion), lane('rotation', 'Rotation', 'motion', openMotion)];
  const axis = lane('axis', '', 'axis');

  const followRates = following('rate', (answer) => {
    counts = answer;
    page.drawSoon();
  }, page.trouble);
  const followMotion = following('motion', (answer) => {
    felt = answer;
    page.drawSoon();
  }, page.trouble);

  const shown = () => {
    const { t0, t1 } = page.state;
    const duration = page.file.facts.duration;
    return t0 === null ? [0, duration] : [Math.max(0, Math.round(t0 * 1e6)), Math.min(duration, Math.round(t1 * 1e6))];
  };

  function openRates() {
    const rows = Array.from(counts?.on ?? [], (on, i) => [counts.edges[i], counts.edges[i + 1], on, counts.off[i]]);
    page.openTable('Events over time', 'microseconds since the first event', ['from', 'to', 'ON', 'OFF'], rows);
  }

  function openMotion() {
    const rows = Array.from(felt?.t ?? [], (t, i) => [Math.round(t), ...[0, 1, 2].flatMap((k) => [brief(felt.acceleration[k * felt.t.length + i]), brief(felt.rotation[k * felt.t.length + i])])]);
    page.openTable('Motion', `means of ${felt?.each ?? 0} samples; m/s² and rad/s`, ['microseconds', 'ax', 'rx', 'ay', 'ry', 'az', 'rz'], rows);
  }

  // --- the hand ---------------------------------------------------------------------------------------------------

  const fraction = (event) => {
    const { left, width } = rates.plot.canvas.getBoundingClientRect();
    return (event.clientX - left) / width;
  };
  const timeAt = (part) => {
    const [from, to] = shown();
    return from + Math.min(1, Math.max(0, part)) * (to - from);
  };

  function show(from, to) {
    const duration = page.file.facts.duration;
    const wide = Math.max(LEAST, to - from);
    if (wide >= duration) return page.set({ t0: null, t1: null });
    const first = Math.min(duration - wide, Math.max(0, from));
    return page.set({ t0: first / 1e6, t1: (first + wide) / 1e6 });
  }

  function zoom(factor, part) {
    const [from, to] = shown();
    const still = from + part * (to - from);
    const wide = Math.max(LEAST, (to - from) * factor);
    show(still - part * wide, still + (1 - part) * wide);
  }

  let held = false;
  course.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.target.closest('button') || fraction(event) < 0) return;
    held = true;
    course.setPointerCapture(event.pointerId);
    page.playhead.go(timeAt(fraction(event)));
  });
  course.addEventListener('pointermove', (event) => { if (held) page.playhead.go(timeAt(fraction(event))); });
  for (const kind of ['pointerup', 'pointercancel']) {
    course.addEventListener(kind, () => {
      if (held) page.keepMoment();
      held = false;
    });
  }
  course.addEventListener('wheel', (event) => {
    if (fraction(event) < 0) return;
    event.preventDefault();
    const [from, to] = shown();
    if (event.shiftKey) {
      const by = ((event.deltaX + event.deltaY) / course.clientWidth) * (to - from);
      show(from + by, to + by);
    } else zoom(Math.exp(event.deltaY * 0.0018), Math.min(1, Math.max(0, fraction(event))));
  }, { passive: false });
  course.addEventListener('dblclick', () => page.set({ t0: null, t1: null }));

  // --- drawing ----------------------------------------------------------------------------------------------------

  function begin({ plot }) {
    const drawn = plot.begin();
    const [from, to] = shown();
    const x = (t) => ((t - from) / (to - from)) * drawn.width;
    return { ...drawn, x, from, to };
  }

  function cursor({ context, height, x }) {
    const { first, last } = page.window();
    context.fillStyle = ink('accent');
    context.globalAlpha = 0.12;
    context.fillRect(x(first), 0, x(last) - x(first), height);
    context.globalAlpha = 1;
    context.fillRect(x(last) - 0.75, 0, 1.5, height);
  }

  function drawRates() {
    const drawn = begin(rates);
    const { context, width, height, x } = drawn;
    const { gaps, triggers } = page.file.facts;
    context.fillStyle = ink('line');
    for (const [first, last] of gaps) context.fillRect(x(first), 0, Math.max(1, x(last) - x(first)), height);
    if (counts?.on) {
      const n = counts.on.length;
      const most = counts.on.reduce((top, on, i) => Math.max(top, on, counts.off[i]), 1);
      const middle = height / 2;
      for (const [values, colour, sign] of [[counts.on, 'accent', -1], [counts.off, 'wrong', 1]]) {
        context.fillStyle = ink(colour);
        for (let i = 0; i < n; i += 1) {
          const high = (values[i] / most) * (middle - 1);
          const left = x(counts.edges[i]);
          if (high) context.fillRect(left, sign < 0 ? middle - high : middle, Math.max(0.5, x(counts.edges[i + 1]) - left), Math.max(0.5, high));
        }
      }
      const [sum, wide] = [counts.on.reduce((a, b) => a + b, 0) + counts.off.reduce((a, b) => a + b, 0), counts.to - counts.from];
      rates.words.replaceChildren(`${count(sum)} · ${rate((sum / wide) * 1e6)}`);
      Object.assign(rates.words.dataset, { events: sum });
      context.textAlign = 'right';
      context.textBaseline = 'top';
      label(context, `${rate((most / (counts.edges[1] - counts.edges[0])) * 1e6)} a polarity`, width - 3, 2);
      context.textAlign = 'left';
      rates.plot.describe(`Events from ${stamp(counts.from)} to ${stamp(counts.to)}: ${count(sum)}; ON upwards, OFF downwards; ${count(gaps.length)} gaps, ${count(triggers.length)} triggers`);
    }
    context.fillStyle = ink('ink');
    for (const t of triggers) context.fillRect(x(t) - 0.5, 0, 1, 7);
    cursor(drawn);
  }

  function drawMotion(one, name, unit) {
    one.place.hidden = !page.file.facts.inertial;
    if (one.place.hidden) return;
    const drawn = begin(one);
    if (!felt?.t) return cursor(drawn);
    const values = felt[name];
    const n = felt.t.length;
    const top = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    const y = (value) => drawn.height / 2 - (value / top) * (drawn.height / 2 - 1);
    for (let k = 0; k < 3; k += 1) line(drawn.context, drawn.x, y, felt.t, values.subarray(k * n, (k + 1) * n), ink(AXES[k]), 1);
    one.words.textContent = `x, y, z · ±${brief(top)} ${unit}`;
    one.plot.describe(`${one.place.querySelector('h3').textContent} in x, y and z, at most ${brief(top)} ${unit}`);
    return cursor(drawn);
  }

  function drawAxis() {
    const { context, width, x, from, to } = begin(axis);
    context.font = `11px ${ink('font')}`;
    context.textBaseline = 'top';
    for (const mark of marks(from / 1e6, to / 1e6, Math.max(2, width / 92))) {
      const left = x(mark.t * 1e6);
      context.fillStyle = ink('line-strong');
      context.fillRect(Math.round(left), 0, 1, 4);
      context.fillStyle = ink(mark.strong ? 'ink' : 'soft');
      const half = context.measureText(mark.text).width / 2;
      context.fillText(mark.text, Math.min(width - 2 * half, Math.max(0, left - half)), 6);
    }
    axis.plot.describe(`Time axis from ${stamp(from)} to ${stamp(to)}, ${length(to - from)}`);
  }

  return {
    draw() {
      const [from, to] = shown();
      followRates(page.state.token, page.file.name, { from, to, bins: BINS });
      if (page.file.facts.inertial) followMotion(page.state.token, page.file.name, { from, to, bins: BINS });
      drawRates();
      drawMotion(pushed, 'acceleration', 'm/s²');
      drawMotion(turned, 'rotation', 'rad/s');
      drawAxis();
      for (const [name, value] of [['min', 1], ['max', page.file.facts.duration], ['now', Math.round(page.playhead.at)]]) course.setAttribute(`aria-value${name}`, value);
      course.setAttribute('aria-valuetext', stamp(page.playhead.at));
    },
    zoom: (direction) => {
      const [from, to] = shown();
      const part = (page.playhead.at - from) / (to - from);
      zoom(ZOOM ** direction, part >= 0 && part <= 1 ? part : 0.5);
    },
    /** Keep the cursor in view. */
    follow() {
      const [from, to] = shown();
      const { at } = page.playhead;
      if (page.state.t0 !== null && (at < from || at > to)) show(at - (to - from) / 4, at + (3 * (to - from)) / 4);
    },
  };
}
