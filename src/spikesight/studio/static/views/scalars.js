// Loss and other scalars over time, each to its own scale. Which are shown is chosen above.

import { layerColour } from '../colour.js';
import { brief, ends, lane, line } from '../lane.js';
import { element } from '../surface.js';
import { clock } from '../time.js';
import { fraction } from './rates.js';

const PAD = 4;
const MOST_BUTTONS = 8;

export function mount(host, page) {
  const group = element('span', { className: 'buttons' });
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Scalars shown');
  page.tools('overview').append(group);
  const frame = lane(host, page, 'Scalars', draw, openTable);
  host.classList.add('scalars');
  const legend = element('span', { className: 'legend' });
  frame.gutter.append(legend);
  let answer = null;

  const chosen = () => (page.state['scalars.names'] ?? '').split(',').filter(Boolean);

  function turn(name) {
    const now = answer.lines.map((one) => one.name);
    const next = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
    if (next.length) page.set({ 'scalars.names': next.join(',') });
  }

  function draw({ context, width, height, x }) {
    [...legend.children].forEach((item, i) => { item.firstChild.style.background = layerColour(i); });
    answer.lines.forEach((one, i) => {
      const inside = one.value.filter((value, k) => Number.isFinite(value) && one.t[k] >= answer.t0 && one.t[k] <= answer.t1);
      const [low, high] = [Math.min(...inside), Math.max(...inside)];
      const y = (value) => PAD + (1 - (value - low) / (high - low || 1)) * (height - 2 * PAD);
      line(context, x, y, one.t, one.value, layerColour(i), 1.5);
      if (answer.lines.length === 1 && inside.length) ends(context, width, height, brief(high), brief(low));
    });
  }

  const last = (one) => brief(one.value.at(-1));

  function openTable() {
    const rows = (answer?.lines ?? []).flatMap((one) => Array.from(one.t, (t, i) => [one.name, clock(t, true), one.value[i].toPrecision(5)]));
    page.openTable('Scalars', answer?.empty ?? 'Means over neighbours where there are many', ['scalar', 'time', 'value'], rows);
  }

  function tell() {
    const shown = answer.lines.map((one) => one.name);
    group.replaceChildren(...answer.known.slice(0, MOST_BUTTONS).map((name) => {
      const button = element('button', { textContent: name.replaceAll('_', ' '), title: `Show or hide ${name}` });
      button.setAttribute('aria-pressed', shown.includes(name));
      button.addEventListener('click', () => turn(name));
      return button;
    }));
    const only = answer.lines.length === 1 ? answer.lines[0] : null;
    frame.gutter.querySelector('h3').textContent = only ? only.name.replaceAll('_', ' ') : 'Scalars';
    const words = answer.lines.map((one) => `${one.name} ${last(one)}`).join(', ');
    frame.tell(only ? last(only) : '', '', `${words} at the end of the window`);
    legend.replaceChildren(...(only ? [] : answer.lines.map((one) => element('span', { title: one.name }, element('i', { className: 'swatch' }), `${one.name.replaceAll('_', ' ')} ${last(one)}`))));
  }

  return {
    parameters: () => ({ ...page.windowParameters(), names: chosen().join(',') || null, bins: Math.max(100, frame.plot.canvas.clientWidth || 800) }),
    take(given) {
      answer = given;
      group.hidden = Boolean(given.empty) || given.known.length < 2;
      frame.empty(given.empty);
      if (!given.empty) tell();
    },
    draw: frame.draw,
    under(event) {
      if (!host.contains(event.target) || !answer?.lines) return null;
      const t = page.timeAt(fraction(event));
      return answer.lines.map((one) => [one.name, one.value[one.t.findLastIndex((moment) => moment <= t)]]).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${brief(value)}`).join(' · ');
    },
  };
}
