// Stimuli over time: each with its label, right or wrong, when there is room; else shares of right and wrong.

import { ink } from '../colour.js';
import { count, element, surface, tableButton } from '../surface.js';
import { clock } from '../time.js';

const ROOM = 3; // pixels on either side of a label

/** What became of one stimulus, in words. */
export function verdict(label, prediction, correct, name = String) {
  if (label < 0) return 'without label';
  if (prediction < 0) return `${name(label)}, not yet predicted`;
  return correct === 1 ? `${name(label)}, right` : `${name(label)}, taken for ${name(prediction)}`;
}

export function mount(host, page) {
  const told = element('span', { className: 'told' });
  const gutter = element('div', { className: 'gutter' }, element('h3', { textContent: 'Stimuli' }), told);
  gutter.append(tableButton('Stimuli', openTable));
  host.replaceChildren(gutter);
  const plot = surface(host, () => draw());
  let answer = null;

  function each(context, x, height, width) {
    const { stim, t_start: start, t_end: end, label, prediction, correct } = answer.each;
    context.font = `600 11px ${ink('font')}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    for (let i = 0; i < stim.length; i += 1) {
      const [left, right] = [x(start[i]), x(end[i])];
      if (right < 0 || left > width) continue;
      const colour = ink(correct[i] === 1 ? 'right' : correct[i] === 0 ? 'wrong' : 'faint');
      context.globalAlpha = correct[i] === 0 ? 0.26 : 0.14;
      context.fillStyle = colour;
      context.fillRect(left + 0.5, 2, Math.max(1, right - left - 1), height - 4);
      context.globalAlpha = 1;
      context.fillRect(left + 0.5, height - 4, Math.max(1, right - left - 1), 2);
      if (label[i] < 0) continue;
      const said = page.className(label[i]);
      const long = `${said} → ${page.className(prediction[i])}`;
      const fits = (words) => context.measureText(words).width + 2 * ROOM <= right - left;
      const middle = (Math.max(0, left) + Math.min(width, right)) / 2;
      if (correct[i] === 0 && prediction[i] >= 0 && fits(long)) context.fillText(long, middle, height / 2 - 1);
      else if (fits(said)) context.fillText(said, middle, height / 2 - 1);
    }
  }

  function shares(context, x, height) {
    const { first, width, right, wrong, open } = answer.shares;
    for (let i = 0; i < right.length; i += 1) {
      const all = right[i] + wrong[i] + open[i];
      if (!all) continue;
      const left = x(first + i * width);
      const wide = Math.max(1, x(first + (i + 1) * width) - left) + 0.4;
      let top = 2;
      for (const [part, name] of [[open[i], 'line-strong'], [wrong[i], 'wrong'], [right[i], 'right']]) {
        const tall = (part / all) * (height - 4);
        context.fillStyle = ink(name);
        context.globalAlpha = name === 'right' ? 0.42 : 0.62;
        context.fillRect(left, top, wide, tall);
        top += tall;
      }
      context.globalAlpha = 1;
    }
  }

  function draw() {
    const { context, width, height } = plot.begin();
    const { t0, t1 } = page.window();
    const x = (t) => ((t - t0) / (t1 - t0)) * width;
    if (answer?.each) each(context, x, height, width);
    if (answer?.shares) shares(context, x, height);
    told.textContent = answer?.empty ? 'none' : answer ? count(answer.count) : '';
    plot.describe(answer?.empty ?? `${told.textContent} stimuli between ${clock(t0, true)} and ${clock(t1, true)}`);
  }

  function openTable() {
    const rows = [];
    if (answer?.each) {
      const { stim, t_start: start, t_end: end, label, prediction, correct } = answer.each;
      stim.forEach((k, i) => rows.push([count(k), clock(start[i], true), clock(end[i], true), verdict(label[i], prediction[i], correct[i], page.className)]));
      page.openTable('Stimuli in the window', `${count(rows.length)} stimuli`, ['stimulus', 'from', 'to', 'label and outcome'], rows);
      return;
    }
    const shared = answer?.shares;
    shared?.right.forEach((right, i) => rows.push([clock(shared.first + i * shared.width, true), right, shared.wrong[i], shared.open[i]]));
    page.openTable('Stimuli in the window', answer?.empty ?? 'Zoom in to see single stimuli.', ['from', 'right', 'wrong', 'not predicted'], rows);
  }

  return {
    parameters: () => ({ ...page.windowParameters(), bins: Math.max(50, Math.round(plot.canvas.clientWidth / 6)) }),
    take(given) {
      answer = given;
      page.shared.boundaries = answer.each ? answer.each.t_start : [];
    },
    draw,
  };
}
