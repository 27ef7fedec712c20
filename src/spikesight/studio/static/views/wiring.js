// Facts about a bundle of synapses, and the distribution of its weights at the cursor.

import { choice } from '../chooser.js';
import { ink } from '../colour.js';
import { brief } from '../lane.js';
import { card, count, element, surface } from '../surface.js';
import { clock } from '../time.js';

const FOOT = 16;

export function mount(host, page) {
  const frame = card(host, 'Weights at the cursor', openTable);
  const scale = choice(page, 'wiring.scale', 'Height of the bars', [['linear', 'linear', 'Height is the number of weights'], ['log', 'log', 'Height is its logarithm: rare weights show']]);
  frame.tools.prepend(scale.group);
  const holder = element('div', { className: 'bars-plot' });
  const facts = element('dl', { className: 'facts-list' });
  frame.body.append(holder, facts);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    scale.tell();
    if (!answer?.histogram) return;
    const { context, width, height } = plot.begin();
    const most = Math.max(1, ...answer.histogram);
    const part = scale.chosen() === 'log' ? (value) => Math.log1p(value) / Math.log1p(most) : (value) => value / most;
    const wide = width / answer.histogram.length;
    context.fillStyle = ink('accent');
    context.globalAlpha = 0.75;
    answer.histogram.forEach((value, i) => {
      const tall = part(value) * (height - FOOT - 4);
      context.fillRect(i * wide + 0.5, height - FOOT - tall, wide - 1, tall);
    });
    context.globalAlpha = 1;
    context.fillStyle = ink('line-strong');
    context.fillRect(0, height - FOOT, width, 1);
    context.font = `10px ${ink('font')}`;
    context.fillStyle = ink('soft');
    context.textBaseline = 'top';
    context.fillText(brief(answer.low), 0, height - FOOT + 4);
    context.textAlign = 'right';
    context.fillText(brief(answer.high), width, height - FOOT + 4);
    context.textAlign = 'left';
  }

  const fact = (name, value) => element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value }));
  const fan = ([least, mean, most]) => (least === most ? count(most) : `${brief(mean)} (${count(least)} to ${count(most)})`);

  function tell() {
    frame.empty(answer.empty);
    scale.group.hidden = Boolean(answer.empty);
    if (answer.empty) return;
    frame.note.textContent = `${answer.projection}, snapshot ${answer.snapshot + 1}/${answer.snapshots} at ${clock(answer.t, true)}`;
    facts.replaceChildren(
      fact('From, to', `${answer.pre} (${count(answer.units[0])}) → ${answer.post} (${count(answer.units[1])})`),
      fact('Mean ± deviation', `${brief(answer.mean)} ± ${brief(answer.std)}`),
      fact('Fan-in, not zero', fan(answer.fan_in)),
      ...(answer.fan_out ? [fact('Fan-out, not zero', fan(answer.fan_out))] : []),
      fact('Fan-out as wired', brief(answer.wired)),
    );
    plot.describe(`Distribution of the weights of ${answer.projection} at ${clock(answer.t)}, from ${brief(answer.low)} to ${brief(answer.high)}, mean ${brief(answer.mean)}`);
  }

  function openTable() {
    const bins = answer?.histogram?.length ?? 0;
    const edge = (i) => brief(answer.low + (i / bins) * (answer.high - answer.low));
    const rows = answer?.histogram ? Array.from(answer.histogram, (value, i) => [edge(i), edge(i + 1), count(value)]) : [];
    page.openTable('Weights at the cursor', answer?.empty ?? frame.note.textContent, ['from', 'to', 'weights'], rows);
  }

  return {
    parameters: () => ({ projection: page.state.projection, at: page.cursor() }),
    take(given) {
      answer = given;
      tell();
    },
    draw,
  };
}
