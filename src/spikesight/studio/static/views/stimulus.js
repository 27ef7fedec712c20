// The stimulus at the cursor: its picture, its label, what the network said, and the votes behind it.

import { bars, short } from '../bars.js';
import { picture, strength } from '../colour.js';
import { card, count, element, surface } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = card(host, 'Stimulus', openTable);
  const holder = element('div', { className: 'picture' });
  const label = element('strong', { className: 'label' });
  const outcome = element('p', { className: 'outcome' });
  const caption = element('span', { className: 'caption' });
  const votes = element('figure');
  const notes = element('p', { className: 'note' });
  const plot = surface(holder, () => draw());
  holder.append(caption);
  const said = element('div', {}, element('div', { className: 'said' }, label, outcome), votes);
  frame.body.append(element('div', { className: 'beside' }, holder, said), notes);
  let answer = null;

  function draw() {
    const { context, width, height } = plot.begin();
    const seen = answer?.picture;
    if (!seen?.levels) return;
    const [rows, columns] = seen.levels.shape;
    const scale = Math.min(width / columns, height / rows);
    context.drawImage(picture(seen.levels, columns, rows, strength()), (width - columns * scale) / 2, (height - rows * scale) / 2, columns * scale, rows * scale);
    if (answer.votes) tellVotes();
  }

  function tell() {
    frame.empty(answer.empty);
    if (answer.empty) return;
    frame.note.textContent = `${count(answer.stim)} at ${clock(answer.t_start, true)}, ${Math.round((answer.t_end - answer.t_start) * 1000)} ms`;
    label.textContent = answer.label < 0 ? '?' : page.className(answer.label);
    outcome.className = `outcome ${answer.correct === 1 ? 'right' : answer.correct === 0 ? 'wrong' : ''}`;
    if (answer.prediction < 0) outcome.textContent = 'not predicted';
    else outcome.textContent = answer.correct === 1 ? `recognised as ${page.className(answer.prediction)}` : `taken for ${page.className(answer.prediction)}`;
    notes.textContent = answer.votes.note;
    caption.textContent = answer.picture.stim === answer.stim ? '' : answer.picture.levels ? `of ${count(answer.picture.stim)}` : 'not recorded';
    holder.title = answer.picture.note;
    holder.classList.toggle('other', answer.picture.stim !== answer.stim);
    plot.describe(answer.picture.levels ? `Input spikes of stimulus ${answer.picture.stim}, per pixel` : answer.picture.note);
    tellVotes();
  }

  function tellVotes() {
    const { mean, winner } = answer.votes;
    votes.replaceChildren(...(mean.length ? [bars(mean, winner, short, page.className)] : []));
  }

  function openTable() {
    const rows = answer?.votes ? Array.from(answer.votes.mean, (value, index) => [page.className(index), value.toFixed(3)]) : [];
    page.openTable('Votes', answer?.empty ?? answer?.votes.note ?? '', ['class', 'spikes per neuron of the class'], rows);
  }

  return {
    parameters: () => ({ at: page.cursorShown() ? page.moment() : null }),
    take(given) {
      answer = given;
      tell();
    },
    draw,
  };
}
