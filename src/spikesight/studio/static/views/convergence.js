// How far learning has come: a curve a stage on a logarithmic axis, with a mark where each stage stopped.

import { ink, layerColour } from '../colour.js';
import { brief, lane, line } from '../lane.js';
import { element, label } from '../surface.js';
import { clock } from '../time.js';
import { fraction } from './rates.js';

const PAD = 5;

export function mount(host, page) {
  const frame = lane(host, page, 'Convergence', draw, openTable);
  host.classList.add('scalars');
  host.hidden = true; // until it is known that there is a curve, so that nothing moves under the pointer
  const legend = element('span', { className: 'legend' });
  frame.gutter.append(legend);
  let answer = null;

  function scale(height) {
    const known = answer.curves.flatMap((one) => Array.from(one.value)).filter((value) => value > 0);
    const [low, high] = [Math.log(Math.min(answer.converged, ...known)), Math.log(Math.max(answer.converged, ...known))];
    return (value) => PAD + (1 - (Math.log(value) - low) / (high - low || 1)) * (height - 2 * PAD);
  }

  function draw({ context, width, height, x }) {
    const y = scale(height);
    context.strokeStyle = ink('soft');
    context.lineWidth = 1;
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(0, y(answer.converged));
    context.lineTo(width, y(answer.converged));
    context.stroke();
    context.setLineDash([]);
    answer.curves.forEach((one, i) => {
      line(context, x, y, one.t, one.value, layerColour(i), 1.5);
      if (one.end !== null) stopped(context, x(one.end), height, one.name, layerColour(i));
    });
    [...legend.children].forEach((item, i) => { item.firstChild.style.background = layerColour(i); });
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    label(context, brief(answer.converged), width - 3, y(answer.converged));
    context.textAlign = 'left';
  }

  /** The end of a stage: a line from top to bottom, with its name. */
  function stopped(context, left, height, name, colour) {
    context.fillStyle = colour;
    context.fillRect(Math.round(left), 0, 1, height);
    context.textAlign = 'right';
    context.textBaseline = 'top';
    label(context, `${name} stops`, left - 4, 2);
    context.textAlign = 'left';
  }

  function openTable() {
    const rows = (answer?.curves ?? []).flatMap((one) => Array.from(one.t, (t, i) => [one.name, clock(t, true), brief(one.value[i])]));
    page.openTable('Convergence', answer?.empty ?? 'Mean of w (1 - w): 0 where every weight is at an end', ['stage', 'time', 'mean of w (1 - w)'], rows);
  }

  const words = (one) => `${one.name} ${brief(one.now)}${one.end === null ? '' : `, stops at ${clock(one.end, true)}`}`;

  return {
    parameters: () => ({ ...page.windowParameters(), bins: Math.max(100, frame.plot.canvas.clientWidth || 800) }),
    take(given) {
      answer = given;
      host.hidden = Boolean(given.empty); // weights of either sign do not converge in this sense
      frame.empty(given.empty);
      legend.replaceChildren();
      if (given.empty) return;
      frame.tell('', '', `Convergence, the mean of w (1 − w): ${given.curves.map(words).join('; ')}`);
      legend.replaceChildren(...given.curves.map((one) => element('span', { title: words(one) }, element('i', { className: 'swatch' }), `${one.name} ${brief(one.now)}`)));
    },
    draw: frame.draw,
    under(event) {
      if (!host.contains(event.target) || !answer?.curves) return null;
      const t = page.timeAt(fraction(event));
      return answer.curves.map((one) => [one.name, one.value[one.t.findLastIndex((moment) => moment <= t)]]).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${brief(value)}`).join(' · ');
    },
  };
}
