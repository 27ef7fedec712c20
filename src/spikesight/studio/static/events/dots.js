// Events as they come: each pixel lights up in the colour of its polarity and fades until the window has passed.

import { count } from '../surface.js';
import { feed, within } from './feed.js';
import { panel } from './panel.js';
import { edge, fitted, packed, screen, sideOf } from './picture.js';
import { ladder, length, stamp } from './time.js';

const MOST = 1 << 18;
const AHEAD = 120_000; // microseconds of playing that one stretch should last at least
const FAINTEST = 30;
const IN_TABLE = 2000;

export function mount(host, page) {
  const frame = panel(host, page, 'Events as they come', 1, () => draw(), openTable);
  const feeds = new Map();
  const screens = new Map();
  let seen = [];

  const feedOf = (file) => {
    if (!feeds.has(file.name)) feeds.set(file.name, feed(page.state.token, file.name, MOST, page.drawSoon, page.trouble));
    return feeds.get(file.name);
  };

  function openTable() {
    const rows = [];
    for (const [part, begin, end] of seen[0]?.parts ?? []) {
      for (let i = begin; i < end && rows.length < IN_TABLE; i += 1) rows.push([part.from + part.t[i], part.x[i], part.y[i], part.p[i] ? 'ON' : 'OFF']);
    }
    page.openTable('Events of the window', `${count(rows.length)} events, the first of the window; microseconds since the first event of the file`, ['microseconds', 'x', 'y', 'polarity'], rows);
  }

  /** Paint the events of one file; returns what was seen of them. */
  function paint(file, first, last) {
    const side = sideOf(file.facts);
    const columns = Math.ceil(file.facts.width / side);
    const rows = Math.ceil(file.facts.height / side);
    if (!screens.has(file.name)) screens.set(file.name, screen());
    const shown = screens.get(file.name);
    const pixels = shown.begin(columns, rows);
    const long = ladder(Math.max(last - first, AHEAD * page.playhead.speed));
    const parts = feedOf(file).around(first, last, long, file.facts.duration, page.playhead.playing).map((part) => [part, ...within(part, first, last)]);
    const colours = [packed('wrong'), packed('accent')];
    const fade = (255 - FAINTEST) / (last - first);
    for (const [part, begin, end] of parts) {
      const { t, x, y, p } = part;
      const old = first - part.from;
      for (let i = begin; i < end; i += 1) {
        const place = side === 1 ? y[i] * columns + x[i] : Math.floor(y[i] / side) * columns + Math.floor(x[i] / side);
        pixels[place] = ((FAINTEST + (t[i] - old) * fade) << 24) | colours[p[i]];
      }
    }
    return { file, columns, rows, shown, parts, every: Math.max(1, ...parts.map(([part]) => part.every)), events: parts.reduce((sum, [, begin, end]) => sum + end - begin, 0) };
  }

  function draw() {
    const { context, width, height } = frame.plot.begin();
    const { first, last } = page.window();
    seen = page.files().map((file) => paint(file, first, last));
    const each = width / seen.length;
    seen.forEach(({ file, columns, rows, shown }, i) => {
      const box = [i * each + 2, 2, each - 4, height - 4];
      if (i === 0 && page.under) fitted(context, page.under, ...box);
      edge(context, shown.place(context, ...box), columns, rows);
      if (seen.length > 1) page.caption(context, file.name, i * each + each / 2, height - 6);
    });
    const words = seen.map(({ every, events }) => `${count(events)} events${every > 1 ? `, 1 of ${count(every)} shown` : ''}`).join(' · ');
    frame.note.textContent = `${words} in ${length(last - first)}`;
    frame.note.dataset.events = seen[0].events;
    frame.plot.describe(`${words} up to ${stamp(last)}; teal: brighter, ON; red: darker, OFF`);
  }

  return { draw };
}
