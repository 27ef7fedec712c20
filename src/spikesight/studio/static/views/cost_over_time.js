// Synaptic operations over time, the layers on top of each other; above them what a right answer cost.

import { ink, layerColour } from '../colour.js';
import { assumptions, joules, large } from '../costs.js';
import { lane, line } from '../lane.js';
import { label } from '../surface.js';
import { clock, span } from '../time.js';

const TOP = 26; // pixels of the line of the cost of a right answer

export function mount(host, page) {
  const frame = lane(host, page, 'Operations', draw, openTable);
  let answer = null;

  const bins = () => answer.edges.length - 1;
  const total = (values, i) => answer.layers.reduce((sum, _, row) => sum + values[row * bins() + i], 0);

  function perAnswer() {
    return Float64Array.from({ length: bins() }, (_, i) => (answer.correct[i] ? total(answer.joules, i) / answer.correct[i] : NaN));
  }

  function draw({ context, width, height, x }) {
    const most = Math.max(1, ...Array.from({ length: bins() }, (_, i) => total(answer.operations, i)));
    const tall = height - TOP - 6;
    for (let i = 0; i < bins(); i += 1) {
      const left = x(answer.edges[i]);
      const wide = Math.max(0.6, x(answer.edges[i + 1]) - left) + 0.3;
      let bottom = height;
      answer.layers.forEach((name, row) => {
        const part = (answer.operations[row * bins() + i] / most) * tall;
        context.fillStyle = layerColour(page.summary.layers.findIndex((layer) => layer.name === name));
        context.globalAlpha = 0.75;
        context.fillRect(left, bottom - part, wide, part);
        bottom -= part;
      });
    }
    context.globalAlpha = 1;
    const each = perAnswer();
    const high = Math.max(...each.filter(Number.isFinite), 1e-300);
    line(context, x, (value) => TOP - 4 - (value / high) * (TOP - 8), answer.edges, each, ink('accent'));
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    label(context, `up to ${joules(high)} a right answer`, width - 3, 9);
    label(context, `up to ${large(most)} operations in ${span(answer.edges[1] - answer.edges[0])}`, width - 3, TOP + 8);
    context.textAlign = 'left';
  }

  function openTable() {
    const each = answer?.edges ? perAnswer() : [];
    page.openTable('Synaptic operations', answer?.empty ?? '', ['from', ...(answer?.layers ?? []), 'energy a right answer'], Array.from(each, (value, i) => [clock(answer.edges[i], true), ...answer.layers.map((_, row) => answer.operations[row * bins() + i]), joules(value)]));
  }

  return {
    parameters: () => ({ ...page.windowParameters(), ...assumptions(page) }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (given.empty) return;
      const all = given.operations.reduce((a, b) => a + b, 0);
      frame.tell(large(all), 'synaptic operations; the line: energy of a right answer', `${large(all)} synaptic operations of ${given.layers.join(', ')}, ${joules(given.per_correct)} a right answer`);
    },
    draw: frame.draw,
  };
}
