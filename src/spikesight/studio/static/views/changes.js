// What changed: a card for every event, and in it what else changed then, each line a way to where it is seen.

import { card, count, element } from '../surface.js';
import { clock, span } from '../time.js';

const SIGNS = { fall: '↘', rise: '↗', dip: '∨', bump: '∧', silence: '—' };

/** Go to where `view` ({name, parameters}) shows it. */
function open(page, { name, parameters }) {
  const { t0, t1, at, layer, projection, unit } = parameters;
  const wide = t1 - t0;
  const start = Math.max(page.extent[0], t0 - wide / 2);
  const end = Math.min(page.extent[1], t1 + wide / 2);
  const whole = end - start >= page.extent[1] - page.extent[0];
  page.go(name, {
    at: at ?? t0,
    t0: whole ? null : start,
    t1: whole ? null : end,
    ...(layer === undefined ? {} : { layer }),
    ...(projection === undefined ? {} : { projection }),
    ...(unit === undefined ? {} : { unit }),
  });
}

function opener(page, view, content, className) {
  const button = element('button', { className, title: `See it: ${page.tabTitle(view.name)}` }, ...content);
  button.addEventListener('click', () => open(page, view));
  return button;
}

function finding(page, found) {
  const when = found.order === 'together' ? 'at the same time' : `${span(Math.abs(found.lead))} ${found.order}`;
  const content = [
    element('span', { className: 'when', textContent: when }),
    element('span', { className: 'what', textContent: found.text }),
    element('span', { className: 'where', textContent: page.tabTitle(found.view.name) }),
  ];
  const item = element('li', {}, opener(page, found.view, content, 'finding'));
  item.dataset.series = found.series;
  item.dataset.order = found.order;
  return item;
}

function event(page, one, place) {
  const worse = one.better < 0 ? 'worse' : one.better > 0 ? 'better' : '';
  const head = opener(page, one.view, [element('span', { className: `sign ${worse}`, textContent: SIGNS[one.kind] ?? '•' }), element('h3', { textContent: one.text })], 'event-head');
  const list = element('ol', { className: 'findings' }, ...one.findings.map((found) => finding(page, found)));
  const marks = one.marks.map((mark) => {
    const button = element('button', { className: 'quiet', title: 'Put the cursor there', textContent: `⚑ ${mark.name}${mark.text ? `: ${mark.text}` : ''} at ${clock(mark.t)}` });
    button.addEventListener('click', () => page.pin(mark.t));
    return button;
  });
  const told = one.findings.length
    ? `${count(one.findings.length)} of ${count(one.asked)} other series changed near it more than they usually do, the likeliest cause first.`
    : `None of ${count(one.asked)} other series changed more than it usually does.`;
  const article = element('article', { className: 'event' }, head, element('p', { className: 'note', textContent: told }), list, ...(marks.length ? [element('p', { className: 'marks' }, element('span', { className: 'note', textContent: 'Known events: ' }), ...marks)] : []));
  article.dataset.event = place;
  return article;
}

export function mount(host, page) {
  const frame = card(host, 'What changed?', openTable);
  const list = element('div', { className: 'events' });
  const advice = element('p', { className: 'note', textContent: 'Changes that chance would bring in one run of a hundred are not listed; all series, places and widths that were tried are allowed for. What changed first is a candidate for the cause, not a proof of it: what was not recorded cannot be named.' });
  frame.body.append(advice, list);
  let answer = null;

  function openTable() {
    const rows = (answer?.events ?? []).flatMap((one, i) => [[i + 1, clock(one.t, true), '', one.text], ...one.findings.map((found) => [i + 1, clock(found.t, true), found.order, found.text])]);
    page.openTable('What changed', answer?.empty ?? advice.textContent, ['event', 'time', 'order', 'what'], rows);
  }

  return {
    parameters: () => ({}),
    take(given) {
      answer = given;
      const none = given.events?.length === 0 ? 'Nothing changed by more than chance would bring: accuracy and activity went on as they were.' : null;
      frame.empty(given.empty ?? none);
      if (given.empty || none) return;
      frame.note.textContent = given.events.length === 1 ? '1 event' : `${count(given.events.length)} events, the worst first`;
      list.replaceChildren(...given.events.map((one, i) => event(page, one, i)));
    },
    draw() {},
  };
}
