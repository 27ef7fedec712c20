// Which map decided and when: who spiked first at the cursor, and how soon right and wrong answers come.

import { classColour, ink } from '../colour.js';
import { card, count, element, surface } from '../surface.js';
import { span } from '../time.js';

const FOOT = 18;
const TITLE = 'Who decided, and when';

export function mount(host, page) {
  const frame = card(host, TITLE, openTable);
  const verdict = element('p', { className: 'note' });
  const list = element('ol', { className: 'decided' });
  const holder = element('div', { className: 'bars-plot' });
  const times = element('p', { className: 'note' });
  frame.body.append(verdict, list, holder, times);
  const plot = surface(holder, () => draw());
  let answer = null;

  function draw() {
    if (!answer?.known) return;
    const { context, width, height } = plot.begin();
    const bins = answer.right.length;
    const most = Math.max(1, ...Array.from(answer.right, (value, i) => value + answer.wrong[i]));
    const wide = width / bins;
    const bar = (i, from, number, colour) => {
      const tall = (number / most) * (height - FOOT - 4);
      context.fillStyle = ink(colour);
      context.fillRect(i * wide + 0.5, height - FOOT - from - tall, Math.max(1, wide - 1), tall);
      return tall;
    };
    answer.right.forEach((value, i) => bar(i, bar(i, 0, value, 'accent'), answer.wrong[i], 'wrong'));
    const own = (answer.latency - answer.edges[0]) / (answer.edges[bins] - answer.edges[0]);
    context.fillStyle = ink('ink');
    if (answer.latency !== null && own >= 0 && own <= 1) context.fillRect(Math.round(own * width), 0, 1, height - FOOT);
    context.fillStyle = ink('line-strong');
    context.fillRect(0, height - FOOT, width, 1);
    context.font = `10px ${ink('font')}`;
    context.fillStyle = ink('soft');
    context.textBaseline = 'top';
    context.fillText(span(Math.max(0, answer.edges[0])), 0, height - FOOT + 5);
    context.textAlign = 'right';
    context.fillText(span(answer.edges[bins]), width, height - FOOT + 5);
    context.textAlign = 'left';
  }

  function first(one) {
    const where = one.place.length ? ` at row ${one.place[0]}, column ${one.place[1]}` : '';
    const named = one.class < 0 ? '' : page.className(one.class);
    const button = element('button', { className: 'quiet', title: 'Choose this unit', textContent: `${one.place.length ? 'map' : 'unit'} ${one.map}` });
    button.addEventListener('click', () => page.set({ layer: answer.layer, unit: one.unit }));
    const swatch = element('i', { className: 'swatch' });
    swatch.style.background = classColour(one.class);
    return element('li', {}, swatch, button, element('span', { textContent: `after ${span(one.after)}${where}` }), element('b', { textContent: named, title: 'Class that this unit stands for' }));
  }

  function tell() {
    frame.empty(answer.empty);
    if (answer.empty) return;
    frame.note.textContent = `${answer.words}, ${answer.layer}`;
    const said = answer.prediction < 0 ? 'not answered' : `answered ${page.className(answer.prediction)}`;
    const right = { 1: ': right', 0: ': wrong' }[answer.correct] ?? '';
    const when = answer.latency === null ? '' : ` after ${span(answer.latency)}`;
    const label = answer.label < 0 ? '' : `Class ${page.className(answer.label)}, `;
    verdict.textContent = `${label}${said}${when}${right}.${answer.first.length ? '' : ` No unit of ${answer.layer} spiked.`}`;
    list.replaceChildren(...answer.first.map((one) => first(one)));
    holder.hidden = !answer.known;
    const median = (name, value) => (value === null ? '' : `, median of the ${name} ones ${span(value)}`);
    times.textContent = `${count(answer.known)} answers in the window${median('right', answer.median_right)}${median('wrong', answer.median_wrong)}; ${count(answer.unanswered)} without a time`;
    plot.describe(`Times of ${times.textContent}`);
  }

  function openTable() {
    if (!answer?.first) return page.openTable(TITLE, answer?.empty ?? '', [], []);
    const rows = [
      ...answer.first.map((one) => [`map ${one.map}`, one.unit, one.class < 0 ? '–' : page.className(one.class), span(one.after)]),
      ...Array.from(answer.right, (value, i) => [`${span(Math.max(0, answer.edges[i]))} to ${span(answer.edges[i + 1])}`, '', `${count(value)} right`, `${count(answer.wrong[i])} wrong`]),
    ];
    return page.openTable(TITLE, `${verdict.textContent} ${times.textContent}`, ['map, or time', 'unit', 'class, or answers', 'after, or answers'], rows);
  }

  return {
    parameters: () => ({ layer: page.state.layer, at: page.cursor(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      tell();
    },
    draw,
  };
}
