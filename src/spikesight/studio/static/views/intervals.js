// Intervals between the spikes of one neuron, on a logarithmic axis.

import { unitOf } from '../chooser.js';
import { ink } from '../colour.js';
import { brief } from '../lane.js';
import { card, count, element, surface } from '../surface.js';
import { span } from '../time.js';

const FOOT = 18;

export function mount(host, page) {
  const frame = card(host, 'Intervals between spikes', openTable);
  const holder = element('div', { className: 'bars-plot' });
  const facts = element('dl', { className: 'facts-row' });
  const reason = element('p', { className: 'note' });
  frame.body.append(holder, facts, reason);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    if (!answer?.counts?.length) return;
    const { context, width, height } = plot.begin();
    const low = Math.log10(answer.edges[0]);
    const x = (seconds) => ((Math.log10(seconds) - low) / (Math.log10(answer.edges.at(-1)) - low)) * width;
    const top = Math.max(...answer.density);
    context.fillStyle = ink('accent');
    context.globalAlpha = 0.75;
    answer.density.forEach((value, i) => {
      const tall = (value / top) * (height - FOOT - 4);
      context.fillRect(x(answer.edges[i]) + 0.5, height - FOOT - tall, Math.max(1, x(answer.edges[i + 1]) - x(answer.edges[i]) - 1), tall);
    });
    context.globalAlpha = 1;
    axis(context, x, width, height);
  }

  function axis(context, x, width, height) {
    context.fillStyle = ink('line-strong');
    context.fillRect(0, height - FOOT, width, 1);
    context.font = `10px ${ink('font')}`;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    let free = 0;
    for (let power = Math.ceil(Math.log10(answer.edges[0])); 10 ** power <= answer.edges.at(-1); power += 1) {
      const text = span(10 ** power);
      const [place, half] = [x(10 ** power), context.measureText(text).width / 2];
      context.fillStyle = ink('line-strong');
      context.fillRect(Math.round(place), height - FOOT, 1, 4);
      context.fillStyle = ink('soft');
      if (place - half < free || place + half > width) continue;
      context.fillText(text, place, height - FOOT + 5);
      free = place + half + 6;
    }
    context.textAlign = 'left';
  }

  const fact = (name, value, title) => element('div', { title }, element('dt', { textContent: name }), element('dd', { textContent: brief(value ?? NaN) }));

  function tell() {
    frame.empty(answer.empty);
    if (answer.empty) return;
    const some = answer.counts.length > 0;
    holder.hidden = facts.hidden = !some;
    reason.hidden = some;
    reason.textContent = `${answer.layer} ${answer.unit} ${answer.spikes === 1 ? 'spiked once' : answer.spikes ? 'spiked at one moment' : 'never spiked'} in this window, so there is no interval.`;
    frame.note.textContent = some ? `${answer.layer} ${answer.unit}, ${count(answer.spikes - 1)} intervals, ${span(answer.mean)} on average` : `${answer.layer} ${answer.unit}`;
    facts.replaceChildren(
      fact('CV', answer.cv, 'Coefficient of variation: 0 for a clock, 1 for a Poisson process'),
      fact('CV2', answer.cv2, 'The same of neighbouring intervals: a slowly changing rate does not pass for irregularity'),
      fact('LV', answer.lv, 'Local variation: 0 for a clock, 1 for a Poisson process'),
    );
    plot.describe(`Distribution of ${answer.spikes - 1} intervals between spikes of neuron ${answer.unit}, on a logarithmic axis, per decade; CV ${brief(answer.cv ?? NaN)}`);
  }

  function openTable() {
    const rows = answer?.counts ? Array.from(answer.counts, (value, i) => [span(answer.edges[i]), span(answer.edges[i + 1]), count(value), brief(answer.density[i])]) : [];
    page.openTable('Intervals between spikes', answer?.empty ?? frame.note.textContent, ['from', 'to', 'intervals', 'share per decade'], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), unit: unitOf(page), ...page.windowParameters() }),
    take(given) {
      answer = given;
      tell();
    },
    draw,
  };
}
