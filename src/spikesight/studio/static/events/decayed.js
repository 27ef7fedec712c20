// The time surface: how long ago each pixel fired last.

import { following } from './following.js';
import { panel } from './panel.js';
import { both, edge, screen } from './picture.js';
import { length, stamp } from './time.js';

export function mount(host, page) {
  const frame = panel(host, page, 'Time surface', 3, () => draw(), openTable);
  const shown = screen();
  let answer = null;
  const follow = following('decayed', (given) => {
    answer = given;
    frame.empty(given.empty);
    page.drawSoon();
  }, page.trouble);

  function openTable() {
    const rows = [];
    if (answer?.on) {
      const lit = (levels) => levels.reduce((sum, level) => sum + (level > 0), 0);
      for (const name of ['on', 'off']) rows.push([name.toUpperCase(), lit(answer[name]), answer[name].length]);
    }
    page.openTable('Time surface', answer?.empty ?? `255 exp(-age / ${length(answer?.tau ?? 0)}) at ${stamp(answer?.to ?? 0)}`, ['polarity', 'pixels with a level', 'pixels'], rows);
  }

  function draw() {
    follow(page.state.token, page.file.name, { to: Math.max(1, Math.round(page.playhead.at)), tau: page.tau() });
    if (!answer?.on) return;
    const { context, width, height } = frame.plot.begin();
    const [rows, columns] = answer.on.shape;
    both(shown.begin(columns, rows), answer.off, answer.on, (value) => value);
    edge(context, shown.place(context, 2, 2, width - 4, height - 4), columns, rows);
    frame.note.textContent = `tau ${length(answer.tau)}`;
    Object.assign(frame.note.dataset, { to: answer.to, tau: answer.tau });
    frame.plot.describe(`Time surface at ${stamp(answer.to)}: a pixel fades to a third in ${length(answer.tau)}; teal: its last event was ON, red: OFF`);
  }

  return { draw };
}
