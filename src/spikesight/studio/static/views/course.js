// The stimulus at the cursor from its start to its end: spikes of every population, and votes as they came in.

import { classColour, ink, layerColour } from '../colour.js';
import { brief, ends } from '../lane.js';
import { card, count, element, label, surface } from '../surface.js';
import { clock, marks, span } from '../time.js';

const LANE = { height: 44, gap: 10 };
const VOTES = 110;
const AXIS = 20;
const GUTTER = 108;
const NAMED = 3; // classes whose line is named at its end
const ROOM = 12; // pixels between two names

export function mount(host, page) {
  const frame = card(host, 'Within the stimulus', openTable);
  const holder = element('div', { className: 'course' });
  const note = element('p', { className: 'note' });
  frame.body.append(holder, note);
  const plot = surface(holder, () => draw());
  plot.canvas.title = 'Click to put the cursor there';
  let answer = null;

  const across = (width) => (t) => GUTTER + ((t - answer.t_start) / (answer.t_end - answer.t_start)) * (width - GUTTER);

  function draw() {
    if (!answer?.layers) return;
    const rows = answer.layers.length;
    const below = rows * (LANE.height + LANE.gap);
    holder.style.height = `${below + (answer.votes ? VOTES : 0) + AXIS}px`;
    const { context, width, height } = plot.begin();
    const x = across(width);
    answer.layers.forEach((layer, i) => counts(context, x, layer, i, i * (LANE.height + LANE.gap), width));
    if (answer.votes) votes(context, x, below, width);
    axis(context, x, height - AXIS, width);
    const now = page.moment();
    if (!page.cursorShown() || now < answer.t_start || now > answer.t_end) return;
    context.fillStyle = ink(page.state.at === null ? 'faint' : 'accent');
    context.fillRect(x(now) - 0.75, 0, 1.5, height - AXIS);
  }

  function name(context, words, more, top, colour) {
    context.textBaseline = 'top';
    context.font = `650 12px ${ink('font')}`;
    context.fillStyle = ink('ink');
    if (colour) {
      context.fillStyle = colour;
      context.fillRect(0, top + 3, 8, 8);
      context.fillStyle = ink('ink');
    }
    context.fillText(words, colour ? 14 : 0, top, GUTTER - 24);
    context.font = `11px ${ink('font')}`;
    context.fillStyle = ink('soft');
    context.fillText(more, 0, top + 17, GUTTER - 10);
  }

  function counts(context, x, layer, index, top, width) {
    const most = Math.max(1, ...layer.counts);
    const wide = x(answer.t_start + answer.width) - x(answer.t_start);
    name(context, layer.name, `${count(layer.counts.reduce((a, b) => a + b, 0))} spikes`, top, layerColour(index));
    context.fillStyle = ink('line');
    context.fillRect(GUTTER, top + LANE.height - 1, width - GUTTER, 1);
    context.fillStyle = layerColour(index);
    layer.counts.forEach((value, i) => {
      const tall = (value / most) * (LANE.height - 4);
      if (value) context.fillRect(x(answer.t_start + i * answer.width), top + LANE.height - 1 - tall, Math.max(1, wide - (wide > 4 ? 1 : 0)), tall);
    });
    context.textAlign = 'right';
    context.textBaseline = 'top';
    label(context, `${count(most)} in ${span(answer.width)}`, width - 2, top);
    context.textAlign = 'left';
  }

  function votes(context, x, top, width) {
    const [classes, bins] = answer.votes.shape;
    const bottom = top + VOTES - 6;
    const most = Math.max(1e-9, ...answer.votes);
    const y = (value) => bottom - (value / most) * (VOTES - 18);
    const last = (index) => answer.votes[(index + 1) * bins - 1];
    name(context, 'Votes', `winner ${page.className(answer.winner.at(-1))}`, top);
    context.fillStyle = ink('line');
    context.fillRect(GUTTER, bottom, width - GUTTER, 1);
    const order = Array.from({ length: classes }, (_, index) => index).sort((a, b) => last(a) - last(b));
    for (const index of order) {
      context.beginPath();
      context.moveTo(x(answer.t_start), y(0));
      for (let i = 0; i < bins; i += 1) {
        const now = y(answer.votes[index * bins + i]);
        context.lineTo(x(answer.t_start + i * answer.width), now);
        context.lineTo(Math.min(width, x(answer.t_start + (i + 1) * answer.width)), now);
      }
      context.strokeStyle = classColour(index);
      context.lineWidth = index === answer.winner.at(-1) ? 2.25 : 1.25;
      context.stroke();
    }
    context.textBaseline = 'bottom';
    context.textAlign = 'right';
    let above = Infinity;
    for (const index of order.filter((one) => last(one) > 0).slice(-NAMED).reverse()) {
      const at = y(last(index)) - 1;
      if (above !== Infinity && at - above < ROOM) continue;
      label(context, page.className(index), width - 2, at);
      above = at;
    }
    context.textAlign = 'left';
    context.save();
    context.translate(0, top);
    ends(context, GUTTER + 34, VOTES, brief(most));
    context.restore();
  }

  function axis(context, x, top, width) {
    context.font = `11px ${ink('font')}`;
    context.textBaseline = 'top';
    const long = answer.t_end - answer.t_start;
    for (const { t } of marks(0, long, Math.max(2, (width - GUTTER) / 80))) {
      const left = x(answer.t_start + t);
      context.fillStyle = ink('line-strong');
      context.fillRect(Math.round(left), top, 1, 4);
      context.fillStyle = ink('soft');
      const words = t === 0 ? 'start' : span(t);
      context.fillText(words, Math.min(left, width - context.measureText(words).width), top + 6);
    }
  }

  function tell() {
    frame.note.textContent = `${span(answer.t_end - answer.t_start)} from ${clock(answer.t_start, true)}`;
    note.textContent = answer.note;
    const spikes = answer.layers.map((layer) => `${layer.name} ${layer.counts.reduce((a, b) => a + b, 0)}`);
    const won = answer.winner ? `. Winner of the votes: ${page.className(answer.winner.at(-1))}` : '';
    plot.describe(`Spikes within stimulus ${answer.stim}: ${spikes.join(', ')}${won}`);
  }

  plot.canvas.addEventListener('click', ({ offsetX }) => {
    const part = (offsetX - GUTTER) / (plot.canvas.clientWidth - GUTTER);
    if (answer?.layers && part >= 0 && part <= 1) page.pin(answer.t_start + part * (answer.t_end - answer.t_start) * 0.9999);
  });

  function openTable() {
    const rows = answer?.layers ? Array.from(answer.layers[0].counts, (_, i) => [
      span(i * answer.width), ...answer.layers.map((layer) => layer.counts[i]), answer.winner ? page.className(answer.winner[i]) : '–',
    ]) : [];
    page.openTable('Within the stimulus', answer?.empty ?? answer?.note ?? '', ['after its start', ...(answer?.layers ?? []).map((layer) => layer.name), 'winner so far'], rows);
  }

  return {
    parameters: () => ({ at: page.cursor() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
      if (!answer.empty) tell();
    },
    draw,
  };
}
