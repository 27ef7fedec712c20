// How well the neurons are: how many in each state, and a list to sort and to click, the worst first.

import { brief } from '../lane.js';
import { card, count, element, percent } from '../surface.js';
import { clock } from '../time.js';

const WORDS = {
  dead: ['dead', 'No spike in the whole run'],
  silent: ['silent since', 'Spiked, and does no more, which its own earlier rate does not explain'],
  saturated: ['saturated', 'Spikes at least every other time step'],
  answers_everything: ['answers all', 'Spikes in nearly every stimulus'],
  bursting: ['bursting', 'Most intervals are shorter than a quarter of their mean'],
  irregular: ['irregular', 'Intervals vary as those of a Poisson process do'],
  regular: ['regular', 'Intervals vary less'],
};
const COLUMNS = [
  ['state', 'state', 1, 'the worst first'], ['unit', 'unit', 1, 'its number'], ['hertz', 'Hz', -1, 'mean rate in the window'], ['spikes', 'spikes', -1, 'in the window'],
  ['silent_since', 'silent since', 1, 'from when it spikes no more, to within a bin'], ['answers', 'answers to', -1, 'share of the stimuli in which it spiked'],
  ['local_variation', 'LV', -1, 'local variation of its intervals: 0 for a clock, 1 for a Poisson process'],
];
const MOST = 200;

export function mount(host, page) {
  const frame = card(host, 'Health', openTable);
  const chips = element('div', { className: 'chips' });
  const head = element('tr');
  const body = element('tbody');
  const table = element('div', { className: 'scroll health', tabIndex: 0 }, element('table', {}, element('thead', {}, head), body));
  table.setAttribute('aria-label', 'Neurons and their states');
  const more = element('p', { className: 'note' });
  frame.body.append(chips, table, more);
  let answer = null;
  let told = null;

  const sort = () => (COLUMNS.some(([name]) => name === page.state['health.sort']) ? page.state['health.sort'] : 'state');
  const state = () => (answer.names.includes(page.state['health.state']) ? page.state['health.state'] : null);
  const units = () => answer.hertz.length;
  const is = (name, unit) => answer.states[answer.names.indexOf(name) * units() + unit] === 1;
  const statesOf = (unit) => answer.names.filter((name) => is(name, unit));
  const worst = (unit) => {
    const place = answer.names.findIndex((name) => is(name, unit));
    return place < 0 ? answer.names.length : place;
  };

  function listed() {
    const found = Array.from({ length: units() }, (_, unit) => unit).filter((unit) => !state() || is(state(), unit));
    const [, , direction] = COLUMNS.find(([name]) => name === sort());
    const value = { state: worst, unit: (unit) => unit }[sort()] ?? ((unit) => answer[sort()][unit]);
    const key = (unit) => (Number.isFinite(value(unit)) ? direction * value(unit) : Infinity);
    return found.sort((a, b) => (key(a) === key(b) ? a - b : key(a) < key(b) ? -1 : 1));
  }

  const cells = (unit) => [
    statesOf(unit).map((name) => WORDS[name][0]).join(', ') || 'too few spikes to say',
    unit,
    brief(answer.hertz[unit]),
    count(answer.spikes[unit]),
    Number.isFinite(answer.silent_since[unit]) ? clock(answer.silent_since[unit]) : '–',
    Number.isFinite(answer.answers[unit]) ? percent(answer.answers[unit]) : '–',
    brief(answer.local_variation[unit]),
  ];

  function heads() {
    head.replaceChildren(...COLUMNS.map(([name, text, , meaning]) => {
      const button = element('button', { className: 'quiet', textContent: text, title: `Sort by ${text}: ${meaning}` });
      button.addEventListener('click', () => page.set({ 'health.sort': name === 'state' ? null : name }));
      const cell = element('th', { scope: 'col' }, button);
      if (name === sort()) cell.setAttribute('aria-sort', COLUMNS.find(([one]) => one === name)[2] > 0 ? 'ascending' : 'descending');
      return cell;
    }));
  }

  function filters() {
    const chip = (name, text, title) => {
      const button = element('button', { className: 'quiet', textContent: text, title });
      button.setAttribute('aria-pressed', name === state());
      button.addEventListener('click', () => page.set({ 'health.state': name === state() ? null : name }));
      return button;
    };
    chips.replaceChildren(chip(null, `all ${count(units())}`, 'Every neuron'), ...answer.names.map((name, i) => chip(name, `${WORDS[name][0]} ${count(answer.counts[i])}`, WORDS[name][1])));
  }

  function rows() {
    const found = listed();
    body.replaceChildren(...found.slice(0, MOST).map((unit) => {
      const choose = element('button', { className: 'quiet', textContent: unit, title: `Choose neuron ${unit}` });
      const row = element('tr', {}, ...cells(unit).map((text, i) => element('td', {}, i === 1 ? choose : text)));
      row.dataset.unit = unit;
      row.dataset.worst = answer.names[worst(unit)] ?? '';
      row.addEventListener('click', () => page.set({ layer: answer.layer, unit: unit === page.state.unit ? null : unit }));
      return row;
    }));
    more.textContent = found.length > MOST ? `The first ${MOST} of ${count(found.length)} neurons; the table (≡) has more.` : '';
  }

  function draw() {
    if (!answer?.states) return;
    const now = JSON.stringify([sort(), state()]);
    if (told !== now) {
      told = now;
      heads();
      filters();
      rows();
    }
    for (const row of body.children) row.setAttribute('aria-selected', Number(row.dataset.unit) === page.state.unit);
  }

  function openTable() {
    const found = answer?.states ? listed().slice(0, 2000).map(cells) : [];
    page.openTable('Health', answer?.empty ?? frame.note.textContent, COLUMNS.map(([, text]) => text), found);
  }

  return {
    parameters: () => ({ layer: page.layer(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      told = null;
      frame.empty(answer.empty);
      if (!answer.empty) frame.note.textContent = `${count(units())} neurons of ${answer.layer} from ${clock(answer.t0)} to ${clock(answer.t1)}`;
    },
    draw,
  };
}
