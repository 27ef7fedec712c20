// The input at the cursor, large; what it is, what the network said, and the way to the stimuli before and after.

import { ink, picture, strength } from '../colour.js';
import { openVotes, tellOutcome, tellVotes } from '../said.js';
import { card, count, element, surface } from '../surface.js';
import { clock, span } from '../time.js';

/** Two polarities as one picture: on in the colour of more, off in that of less, on the sheet. */
function events(on, off) {
  const [rows, columns] = on.shape;
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext('2d');
  for (const [levels, name] of [[off, 'wrong'], [on, 'accent']]) {
    context.fillStyle = ink(name);
    levels.forEach((level, i) => {
      if (!level) return;
      context.globalAlpha = 0.25 + 0.75 * (level / 255);
      context.fillRect(i % columns, Math.floor(i / columns), 1, 1);
    });
  }
  return canvas;
}

export function mount(host, page) {
  const frame = card(host, 'Input', () => openVotes(answer, page));
  const holder = element('div', { className: 'large picture' });
  const caption = element('span', { className: 'caption' });
  const plot = surface(holder, () => draw());
  holder.append(caption);
  const before = element('button', { textContent: '◂ before', title: 'The stimulus before (shift ←)' });
  const after = element('button', { textContent: 'next ▸', title: 'The stimulus after (shift →)' });
  before.addEventListener('click', () => page.step(-1));
  after.addEventListener('click', () => page.step(1));
  const label = element('strong', { className: 'label' });
  const outcome = element('p', { className: 'outcome' });
  const facts = element('p', { className: 'note' });
  const votes = element('figure', { className: 'votes' });
  const slider = element('input', { type: 'range', min: '1', title: 'How much of the input before the cursor is shown' });
  const much = element('output', { className: 'note' });
  const last = element('label', { className: 'last' }, element('span', { className: 'note', textContent: 'Last' }), slider, much);
  slider.addEventListener('input', () => page.set({ 'input.ms': slider.value === slider.max ? null : slider.value }));
  const note = element('p', { className: 'note' });
  const said = element('div', { className: 'beside-large' }, element('div', { className: 'said' }, label, outcome), facts, votes, last, note, element('span', { className: 'buttons' }, before, after));
  frame.body.append(element('div', { className: 'input' }, holder, said));
  let answer = null;

  function draw() {
    const { context, width, height } = plot.begin();
    const seen = answer?.frame;
    const shown = seen?.kind === 'events' ? seen.on : seen?.levels;
    if (!shown) return;
    const [rows, columns] = shown.shape;
    const scale = Math.min(width / columns, height / rows);
    const image = seen.kind === 'events' ? events(seen.on, seen.off) : picture(shown, columns, rows, strength());
    context.drawImage(image, (width - columns * scale) / 2, (height - rows * scale) / 2, columns * scale, rows * scale);
    tellVotes(votes, answer, page);
  }

  function tell() {
    const { frame: seen } = answer;
    frame.note.textContent = `stimulus ${count(answer.stim)}, ${count(answer.place + 1)} of ${count(answer.of)}, at ${clock(answer.t_start, true)}`;
    label.textContent = answer.label < 0 ? '?' : page.className(answer.label);
    tellOutcome(outcome, answer, page);
    const first = answer.first_spike === null ? 'the readout did not fire' : `first answer after ${span(answer.first_spike)}`;
    facts.textContent = [`shown for ${span(answer.t_end - answer.t_start)}`, first, answer.latency === null ? '' : `recorded latency ${span(answer.latency)}`].filter(Boolean).join(' · ');
    const other = answer.picture.stim !== answer.stim;
    caption.textContent = other ? (answer.picture.levels ? `of stimulus ${count(answer.picture.stim)}` : 'not recorded') : '';
    holder.classList.toggle('other', other);
    const spikes = seen.spikes === null ? '' : `${count(seen.spikes)} spikes of ${answer.input}${seen.early ? '; the earlier, the stronger' : seen.top ? `; full colour: ${Number(seen.top.toPrecision(3))} spikes a pixel` : ''}. `;
    note.textContent = spikes + (other ? seen.note : seen.kind === 'events' ? 'Teal: brighter (on); red: darker (off).' : seen.levels ? '' : seen.note);
    plot.describe(`Input ${seen.kind === 'events' ? 'events' : 'spikes per pixel'} of stimulus ${answer.picture.stim ?? answer.stim} from ${clock(seen.from, true)} to ${clock(seen.to, true)}. ${note.textContent}`);
    tellSlider();
    tellVotes(votes, answer, page);
  }

  function tellSlider() {
    const whole = Math.max(2, Math.round((answer.t_end - answer.t_start) * 1000));
    const given = page.state['input.ms'] === undefined || page.state['input.ms'] === null ? whole : Number(page.state['input.ms']);
    slider.max = String(whole);
    slider.value = String(Math.min(whole, given));
    much.textContent = given >= whole ? 'all of it' : `${given} ms before the cursor`;
  }

  return {
    parameters: () => ({ at: page.cursor(), ms: page.state['input.ms'] }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (!answer.empty) tell();
    },
    draw,
  };
}
