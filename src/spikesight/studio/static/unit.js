// One unit: its receptive field, large, its class, its spikes, and how it answers to every class.

import { bars } from './bars.js';
import { classColour, picture, strength } from './colour.js';
import { card, count, element, surface } from './surface.js';

export function unitPanel(host, page, field) {
  const frame = card(host, 'Neuron', openTable);
  const close = element('button', { className: 'quiet', textContent: 'Close' });
  frame.tools.prepend(close);
  close.addEventListener('click', () => page.set({ unit: null }));
  const holder = element('div', { className: 'picture' });
  const owner = element('strong', { className: 'label' });
  const facts = element('p', { className: 'facts' });
  const responses = element('figure', { className: 'votes' });
  frame.body.append(element('div', { className: 'beside' }, holder, element('div', {}, owner, facts)), responses);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    host.hidden = page.state.unit === null;
    if (host.hidden) return;
    const { context, width, height } = plot.begin();
    const seen = field(page.state.unit);
    holder.hidden = !seen;
    if (seen) context.drawImage(picture(seen.levels, seen.columns, seen.rows, strength()), 0, 0, width, height);
    if (answer && !answer.empty && answer.unit === page.state.unit) tell();
  }

  function tell() {
    frame.note.textContent = `${answer.layer} ${answer.unit}`;
    owner.textContent = answer.class < 0 ? 'no class' : `class ${answer.class}`;
    owner.style.color = answer.class < 0 ? '' : classColour(answer.class);
    facts.textContent = `${count(answer.spikes)} spikes in the run, ${count(answer.spikes_in_window)} in the window`;
    const caption = element('figcaption', { className: 'note', textContent: answer.note });
    responses.replaceChildren(...(answer.responses.length ? [bars(answer.responses.map((value) => (Number.isFinite(value) ? value : 0)), answer.class, (value) => value.toFixed(value < 10 ? 1 : 0))] : []), caption);
    plot.describe(`Receptive field of unit ${answer.unit}, ${owner.textContent}`);
  }

  function openTable() {
    const rows = answer?.responses ? Array.from(answer.responses, (value, index) => [index, Number.isFinite(value) ? value.toFixed(3) : 'not shown']) : [];
    page.openTable(`Responses of unit ${page.state.unit}`, answer?.note ?? answer?.empty ?? '', ['class', 'spikes per stimulus'], rows);
  }

  return {
    view: 'unit',
    parameters: () => (page.state.unit === null ? null : { unit: page.state.unit, ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
    },
    draw,
  };
}
