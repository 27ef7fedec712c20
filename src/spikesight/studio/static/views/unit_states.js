// Units of every population: how many are active, quiet in the window, and dead; a click goes to the neurons.

import { layerColour } from '../colour.js';
import { card, count, element } from '../surface.js';

const STATES = [['active', 'spiked in the window'], ['quiet', 'spiked, but not in the window'], ['dead', 'never spiked in the run']];
const MORE = [['silent', 'fell silent'], ['saturated', 'saturated'], ['answers_everything', 'in every stimulus'], ['bursting', 'bursting']];

export function mount(host, page) {
  const frame = card(host, 'Units', openTable);
  const list = element('ul', { className: 'unit-states' });
  frame.body.append(list);
  let answer = null;

  function row(layer, index) {
    const bar = element('span', { className: 'share-bar' }, ...STATES.map(([state, words]) => {
      const part = element('i', { className: state, title: `${count(layer[state])} ${words}` });
      part.style.flexGrow = layer[state];
      if (state === 'active') part.style.background = layerColour(index);
      return part;
    }));
    const told = [
      `${count(layer.active)} active`,
      layer.quiet ? `${count(layer.quiet)} quiet` : '',
      layer.dead ? `${count(layer.dead)} dead` : '',
      ...MORE.map(([state, words]) => (layer.more?.[state] ? `${count(layer.more[state])} ${words}` : '')),
    ].filter(Boolean).join(' · ');
    const button = element('button', { title: `Neurons of ${layer.name}` }, element('span', { className: 'head' }, element('b', { textContent: layer.name }), element('span', { className: 'note', textContent: `${count(layer.recorded)} units` })), bar, element('span', { className: 'note', textContent: told }));
    button.addEventListener('click', () => page.go('neurons', { layer: layer.name, unit: null }));
    return element('li', {}, button);
  }

  function openTable() {
    const rows = (answer?.layers ?? []).map((layer) => [layer.name, count(layer.recorded), ...STATES.map(([state]) => count(layer[state])), ...MORE.map(([state]) => (layer.more ? count(layer.more[state]) : '–'))]);
    page.openTable('Units', answer?.empty ?? 'Active and quiet in the window; the rest over the whole run, – where it would take long', ['population', 'recorded', ...STATES.map(([state]) => state), ...MORE.map(([, words]) => words)], rows);
  }

  let drawn = null;
  return {
    parameters: page.windowParameters,
    take(given) {
      answer = given;
      drawn = null;
      frame.empty(given.empty);
    },
    draw() {
      const key = document.documentElement.dataset.theme;
      if (!answer?.layers || drawn === key) return;
      drawn = key;
      list.replaceChildren(...answer.layers.map(row));
    },
  };
}
