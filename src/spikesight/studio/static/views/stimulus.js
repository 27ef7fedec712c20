// The stimulus at the cursor: its picture, its label, what the network said, and the votes behind it.

import { picture, strength } from '../colour.js';
import { openVotes, tellOutcome, tellVotes } from '../said.js';
import { card, count, element, surface } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = card(host, 'Stimulus', () => openVotes(answer, page));
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
    tellVotes(votes, answer, page);
  }

  function tell() {
    frame.empty(answer.empty);
    if (answer.empty) return;
    frame.note.textContent = `${count(answer.stim)} at ${clock(answer.t_start, true)}, ${Math.round((answer.t_end - answer.t_start) * 1000)} ms`;
    label.textContent = answer.label < 0 ? '?' : page.className(answer.label);
    tellOutcome(outcome, answer, page);
    notes.textContent = answer.votes.note;
    caption.textContent = answer.picture.stim === answer.stim ? '' : answer.picture.levels ? `of ${count(answer.picture.stim)}` : 'not recorded';
    holder.title = answer.picture.note;
    holder.classList.toggle('other', answer.picture.stim !== answer.stim);
    plot.describe(answer.picture.levels ? `Input spikes of stimulus ${answer.picture.stim}, per pixel` : answer.picture.note);
    tellVotes(votes, answer, page);
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
