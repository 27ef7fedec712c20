// The accumulated frame: every event of the window is counted, by the server, however many there are.

import { count } from '../surface.js';
import { following } from './following.js';
import { panel } from './panel.js';
import { both, edge, screen } from './picture.js';
import { length, stamp } from './time.js';

const IN_TABLE = 200;
const FAINTEST = 80; // a single event can be seen

export function mount(host, page) {
  const frame = panel(host, page, 'Accumulated frame', 2, () => draw(), openTable);
  const shown = screen();
  let answer = null;
  const follow = following('counted', (given) => {
    answer = given;
    frame.empty(given.empty);
    page.drawSoon();
  }, page.trouble);

  function openTable() {
    const rows = [];
    if (answer?.on) {
      const columns = answer.on.shape[1];
      answer.on.forEach((on, i) => { if (on + answer.off[i]) rows.push([i % columns, Math.floor(i / columns), on, answer.off[i]]); });
    }
    rows.sort((a, b) => b[2] + b[3] - a[2] - a[3]);
    page.openTable('Accumulated frame', answer?.empty ?? `the ${IN_TABLE} most active pixels of ${count(rows.length)}`, ['x', 'y', 'ON', 'OFF'], rows.slice(0, IN_TABLE));
  }

  function draw() {
    const { first, last } = page.window();
    follow(page.state.token, page.file.name, { from: Math.round(first), to: Math.round(last) });
    if (!answer?.on) return;
    const { context, width, height } = frame.plot.begin();
    const [rows, columns] = answer.on.shape;
    const scale = (255 - FAINTEST) / Math.max(1, answer.top);
    both(shown.begin(columns, rows), answer.off, answer.on, (value) => FAINTEST + value * scale);
    edge(context, shown.place(context, 2, 2, width - 4, height - 4), columns, rows);
    frame.note.textContent = `${count(answer.count)} in ${length(answer.to - answer.from)}, at most ${count(answer.top)} a pixel${answer.side > 1 ? ` (${answer.side} x ${answer.side} of the sensor)` : ''}`;
    Object.assign(frame.note.dataset, { from: answer.from, to: answer.to, count: answer.count, top: answer.top });
    frame.plot.describe(`All ${count(answer.count)} events from ${stamp(answer.from)} to ${stamp(answer.to)}, at most ${answer.top} at a pixel; teal: more ON, red: more OFF`);
  }

  return { draw };
}
