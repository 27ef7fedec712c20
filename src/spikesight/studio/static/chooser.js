// Choosing: a population, a bundle of synapses, one of a few ways to show something.

import { element } from './surface.js';

/** A select called `words` in the row of tabs; `options()` lists [value, text], `chosen()` is the value now. Returns what keeps it true. */
function select(page, tab, words, options, chosen, choose) {
  const field = element('select', { title: words });
  field.setAttribute('aria-label', words);
  page.tools(tab).prepend(field);
  field.addEventListener('change', () => choose(field.value));
  let listed = '';
  return () => {
    const all = options();
    if (JSON.stringify(all) !== listed) {
      listed = JSON.stringify(all);
      field.replaceChildren(...all.map(([value, text]) => element('option', { value, textContent: text })));
    }
    field.hidden = !all.length;
    field.disabled = all.length < 2;
    field.value = chosen() ?? '';
  };
}

const shape = (layer) => `${layer.name} · ${layer.shape?.length > 1 ? layer.shape.join(' × ') : layer.size}`;

/** A select for the population that a tab is about; a neuron that it does not have is let go. `chosen()` names it. */
export function layerChooser(page, tab, chosen = page.layer) {
  return select(page, tab, 'Population', () => page.summary.layers.map((layer) => [layer.name, shape(layer)]), chosen, (name) => {
    const { size } = page.summary.layers.find((layer) => layer.name === name);
    page.set({ layer: name, unit: page.state.unit < size ? page.state.unit : null });
  });
}

/** The same for the bundle of synapses; with it goes the population that it ends in. */
export function projectionChooser(page, tab, chosen) {
  return select(page, tab, 'Synapses', () => page.summary.projections.filter((one) => !one.pools).map((one) => [one.name, `${one.pre} → ${one.post}`]), chosen, (name) => {
    const { post } = page.summary.projections.find((one) => one.name === name);
    page.set({ projection: name, layer: post, unit: null });
  });
}

/** Buttons of which one is pressed: `ways` lists [value, text, title], the first being what is meant where nothing was said. */
export function choice(page, word, label, ways) {
  const value = (name) => (name === ways[0][0] ? null : name);
  const buttons = ways.map(([name, text, title]) => {
    const button = element('button', { className: 'quiet', textContent: text, title });
    button.addEventListener('click', () => page.set({ [word]: value(name) }));
    return button;
  });
  const group = element('span', { className: 'choice' }, ...buttons);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', label);
  const chosen = () => (ways.some(([name]) => name === page.state[word]) ? page.state[word] : ways[0][0]);
  return {
    group,
    chosen,
    tell: () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', ways[i][0] === chosen())),
  };
}

/** The chosen neuron of the chosen population, null where there is none. */
export function unitOf(page, layer = page.layer()) {
  const size = page.summary.layers.find((one) => one.name === layer)?.size ?? 0;
  return page.state.unit !== null && page.state.unit < size ? page.state.unit : null;
}
