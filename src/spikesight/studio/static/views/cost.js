// Cost: what was assumed, editable and with its source; what follows from it, in all and layer by layer.

import { layerColour } from '../colour.js';
import { FIGURES, assumptions, joules, large } from '../costs.js';
import { brief } from '../lane.js';
import { card, count, element, percent } from '../surface.js';

const CHANGED = FIGURES.map(([name]) => name);

export function mount(host, page) {
  const frame = card(host, 'Cost in this window', openTable);
  const facts = element('dl', { className: 'cost-facts' });
  const body = element('tbody');
  const layers = element('table', { className: 'cost-layers' }, element('thead', {}, element('tr', {}, ...['population', 'synaptic operations', 'energy', 'share'].map((text, i) => element('th', { textContent: text, scope: 'col', className: i ? 'number' : '' })))), body);
  const chip = element('select', { title: 'Published figures' });
  chip.setAttribute('aria-label', 'Published figures');
  const fields = CHANGED.map((name) => Object.assign(element('input', { type: 'number', min: '0', step: 'any', name }), { onchange: null }));
  const source = element('p', { className: 'note' });
  const missing = element('p', { className: 'note' });
  const form = element('form', { className: 'assumed' }, element('label', {}, element('span', { textContent: 'Figures of' }), chip), ...FIGURES.map(([, words], i) => element('label', {}, element('span', { textContent: `pJ for ${words}` }), fields[i])));
  frame.body.append(facts, layers, missing, element('h3', { textContent: 'What is assumed' }), form, source);
  form.addEventListener('submit', (event) => event.preventDefault());
  let answer = null;

  chip.addEventListener('change', () => page.set({ 'cost.chip': chip.value === '0' ? null : chip.value, ...Object.fromEntries(CHANGED.map((name) => [`cost.${name}`, null])) }));
  fields.forEach((field) => field.addEventListener('change', () => page.set({ [`cost.${field.name}`]: field.value === '' ? null : field.value })));

  const fact = (name, value, title = '') => element('div', { title }, element('dt', { textContent: name }), element('dd', { textContent: value }));
  const sums = (values, row) => {
    const bins = answer.edges.length - 1;
    return values.subarray(row * bins, (row + 1) * bins).reduce((a, b) => a + b, 0);
  };

  function tell() {
    const right = answer.correct.reduce((a, b) => a + b, 0);
    facts.replaceChildren(
      fact('Energy', joules(answer.total), 'Of all spikes of the window that were recorded, under what is assumed below'),
      fact('Per stimulus', joules(answer.per_stimulus), `${count(answer.stimuli)} stimuli ended in the window`),
      fact('Per right answer', joules(answer.per_correct), `${count(right)} right answers`),
      fact('A dense network', joules(answer.dense), 'One multiply-accumulate per synapse and stimulus'),
      fact('Against dense', answer.of_dense === null || !Number.isFinite(answer.of_dense) ? '–' : `${brief(answer.of_dense)} ×`, 'Below 1, spikes save energy under these assumptions'),
    );
    body.replaceChildren(...answer.layers.map((name, row) => {
      const swatch = element('i', { className: 'swatch' });
      swatch.style.background = layerColour(page.summary.layers.findIndex((layer) => layer.name === name));
      const energy = sums(answer.joules, row);
      return element('tr', {}, element('td', {}, swatch, name), ...[large(sums(answer.operations, row)), joules(energy), answer.total ? percent(energy / answer.total) : '–'].map((textContent) => element('td', { textContent, className: 'number' })));
    }));
    missing.hidden = !answer.missing.length;
    missing.textContent = `Not counted: ${answer.missing.join(', ')}. Their spikes were not recorded, or not all of them.`;
    chip.replaceChildren(...answer.published.map((one, i) => element('option', { value: String(i), textContent: one.name })));
    chip.value = page.state['cost.chip'] ?? '0';
    fields.forEach((field) => { if (document.activeElement !== field) field.value = brief(answer.assumed[field.name]); });
    source.textContent = `${answer.assumed.source}. An estimate from counts, not a measurement; figures of different chips cannot be compared with each other.`;
  }

  function openTable() {
    const rows = answer?.layers ? answer.layers.map((name, row) => [name, sums(answer.operations, row), sums(answer.joules, row)]) : [];
    page.openTable('Cost in this window', answer?.empty ?? source.textContent, ['population', 'synaptic operations', 'joules'], rows);
  }

  return {
    parameters: () => ({ ...page.windowParameters(), ...assumptions(page) }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (!given.empty) tell();
    },
    draw() {},
  };
}
