// What the network said of a stimulus: in words, and the votes behind it as bars and as a table.

import { bars, short } from './bars.js';

/** Show in `place` whether the stimulus of `answer` was recognised, and as what. */
export function tellOutcome(place, { prediction, correct }, page) {
  place.className = `outcome ${correct === 1 ? 'right' : correct === 0 ? 'wrong' : ''}`;
  if (prediction < 0) place.textContent = 'not predicted';
  else place.textContent = `${correct === 1 ? 'recognised as' : 'taken for'} ${page.className(prediction)}`;
}

/** Show in `figure` the votes of `answer`, a bar a class; nothing where no neuron has a class. */
export function tellVotes(figure, { votes }, page) {
  figure.replaceChildren(...(votes.mean.length ? [bars(votes.mean, votes.winner, short, page.className)] : []));
}

/** Open the votes of `answer` as a table; without an answer, what there is to say. */
export function openVotes(answer, page) {
  const rows = answer?.votes ? Array.from(answer.votes.mean, (value, index) => [page.className(index), value.toFixed(3)]) : [];
  page.openTable('Votes', answer?.empty ?? answer?.votes.note ?? '', ['class', 'spikes per neuron of the class'], rows);
}
