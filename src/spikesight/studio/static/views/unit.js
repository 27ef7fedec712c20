// One unit: its receptive field, large, its class, its spikes, and how it answers to every class.

import { bars, short } from '../bars.js';
import { unitOf } from '../chooser.js';
import { change, classColour, picture, strength } from '../colour.js';
import { card, count, element, surface } from '../surface.js';

export function mount(host, page) {
  const frame = card(host, 'Neuron', openTable);
  const close = element('button', { className: 'quiet', textContent: 'Close' });
  frame.tools.prepend(close);
  close.addEventListener('click', () => page.set({ unit: null }));
  const holder = element('div', { className: 'picture' });
  const owner = element('strong', { className: 'label' });
  const facts = element('p', { className: 'facts note' });
  const responses = element('figure');
  const note = element('p', { className: 'note' });
  const said = element('div', {}, element('div', { className: 'said' }, owner, facts), responses);
  frame.body.append(element('div', { className: 'beside' }, holder, said), note);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    const appears = host.hidden && unitOf(page) !== null;
    host.hidden = unitOf(page) === null;
    if (host.hidden) return;
    if (appears) host.scrollIntoView({ block: 'nearest' });
    const { context, width, height } = plot.begin();
    const seen = answer?.field?.levels && answer.unit === page.state.unit ? answer.field : null;
    holder.hidden = !seen;
    holder.parentElement.classList.toggle('alone', !seen);
    if (seen) context.drawImage(picture(seen.levels, seen.levels.shape[1], seen.levels.shape[0], seen.signed ? change() : strength()), 0, 0, width, height);
    if (answer && !answer.empty && answer.unit === page.state.unit) tell();
  }

  function tell() {
    frame.note.textContent = `${answer.layer} ${answer.unit}`;
    owner.textContent = answer.class < 0 ? 'no class' : `class ${page.className(answer.class)}`;
    owner.style.color = answer.class < 0 ? '' : classColour(answer.class);
    facts.textContent = `${count(answer.spikes)} spikes, ${count(answer.spikes_in_window)} of them in the window`;
    note.textContent = answer.note;
    const means = answer.responses.map((value) => (Number.isFinite(value) ? value : 0));
    responses.replaceChildren(...(means.length ? [bars(means, answer.class, short, page.className)] : []));
    plot.describe(`Receptive field of unit ${answer.unit}, ${owner.textContent}`);
  }

  function openTable() {
    const rows = answer?.responses ? Array.from(answer.responses, (value, index) => [page.className(index), Number.isFinite(value) ? value.toFixed(3) : 'not shown']) : [];
    page.openTable(`Responses of unit ${page.state.unit}`, answer?.note ?? answer?.empty ?? '', ['class', 'spikes per stimulus'], rows);
  }

  return {
    parameters: () => (unitOf(page) === null ? null : { layer: page.layer(), unit: unitOf(page), at: page.cursor(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
    },
    draw,
  };
}
