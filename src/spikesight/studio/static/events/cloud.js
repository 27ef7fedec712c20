// The x-y-t cloud: events where they were and when, the newest in front. Drag and arrow keys turn it.

import { ink } from '../colour.js';
import { projection, turning } from '../space.js';
import { count, element } from '../surface.js';
import { feed, within } from './feed.js';
import { panel } from './panel.js';
import { packed, screen } from './picture.js';
import { ladder, length, stamp } from './time.js';

const MOST = 60_000;
const [TURN, TILT] = [58, 20];
const DEPTHS = [1, 2, 5, 10, 20, 50]; // windows
const OLDEST = 90; // opacity

export function mount(host, page) {
  const frame = panel(host, page, 'Cloud of x, y, time', 4, () => draw(), openTable);
  const depth = element('select', { title: 'How much time the cloud shows' }, ...DEPTHS.map((value) => element('option', { value: String(value), textContent: `${value} window${value > 1 ? 's' : ''}` })));
  depth.setAttribute('aria-label', 'How much time the cloud shows');
  depth.addEventListener('change', () => page.set({ 'play.depth': depth.value }));
  frame.tools.prepend(depth);
  const shown = screen();
  let source = null;
  let seen = { events: 0, every: 1 };

  const number = (name, otherwise) => (Number.isFinite(Number(page.state[name] ?? NaN)) ? Number(page.state[name]) : otherwise);
  const turn = () => number('cloud.turn', TURN);
  const tilt = () => number('cloud.tilt', TILT);
  turning(frame.plot.canvas, (degrees, up) => page.set({
    'cloud.turn': String(Math.round((turn() + degrees) * 10) / 10),
    'cloud.tilt': String(Math.min(88, Math.max(-30, Math.round((tilt() + up) * 10) / 10))),
  }), () => {});

  function openTable() {
    page.openTable('Cloud of x, y, time', 'The events themselves are in the table of "Events as they come".', ['events shown', 'of each', 'turned by degrees', 'seen from degrees above'], [[seen.events, seen.every, turn(), tilt()]]);
  }

  function points(pixels, wide, high, parts, first, last, point) {
    // Parallel projection is linear: a corner and three edges say it all.
    const [ox, oy] = point(-1, -1, 1);
    const edges = [point(1, -1, 1), point(-1, 1, 1), point(-1, -1, 0)].map(([x, y]) => [x - ox, y - oy]);
    const { width, height } = page.file.facts;
    const [tx, ty, xx, xy, yx, yy] = [...edges[0].map((v) => v / (last - first)), ...edges[1].map((v) => v / width), ...edges[2].map((v) => v / height)];
    const colours = [packed('wrong'), packed('accent')];
    const fade = (255 - OLDEST) / (last - first);
    for (const [part, begin, end] of parts) {
      const old = first - part.from;
      for (let i = begin; i < end; i += 1) {
        const age = part.t[i] - old;
        const [x, y] = [part.x[i] + 0.5, part.y[i] + 0.5];
        const left = (ox + age * tx + x * xx + y * yx) | 0;
        const top = (oy + age * ty + x * xy + y * yy) | 0;
        if (left < 0 || top < 0 || left + 1 >= wide || top + 1 >= high) continue;
        const colour = ((OLDEST + age * fade) << 24) | colours[part.p[i]];
        const at = top * wide + left;
        pixels[at] = colour;
        pixels[at + 1] = colour;
      }
    }
  }

  function box(context, point) {
    const line = (...corners) => {
      context.beginPath();
      corners.forEach((corner) => context.lineTo(...point(...corner)));
      context.stroke();
    };
    context.lineWidth = 1;
    context.strokeStyle = ink('line-strong');
    line([-1, -1, 0], [-1, 1, 0], [-1, 1, 1], [-1, -1, 1], [-1, -1, 0]);
    for (const [c, z] of [[-1, 0], [1, 0], [-1, 1], [1, 1]]) line([-1, c, z], [1, c, z]);
    context.strokeStyle = ink('accent');
    line([1, -1, 0], [1, 1, 0], [1, 1, 1], [1, -1, 1], [1, -1, 0]);
  }

  function draw() {
    if (source?.name !== page.file.name) source = { name: page.file.name, feed: feed(page.state.token, page.file.name, MOST, page.drawSoon, page.trouble) };
    depth.value = String(number('play.depth', 5));
    const { context, width, height } = frame.plot.begin();
    if (width < 60 || height < 60) return;
    const last = page.playhead.at;
    const wide = page.length() * number('play.depth', 5);
    const first = last - wide;
    const long = ladder(Math.max(wide, 120_000 * page.playhead.speed));
    const parts = source.feed.around(first, last, long, page.file.facts.duration, page.playhead.playing).map((part) => [part, ...within(part, first, last)]);
    const { point: inside } = projection(turn(), tilt(), width - 24, height - 24, 1.7, 1.5 * Math.min(1.2, page.file.facts.height / page.file.facts.width));
    // Seen from where time goes to, with x to the right.
    const point = (u, c, z) => inside(u, -c, z).map((value) => value + 12);
    const scale = devicePixelRatio || 1;
    const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
    const sharp = (u, c, z) => point(u, c, z).map((value) => value * scale);
    points(shown.begin(columns, rows), columns, rows, parts, first, last, sharp);
    box(context, point);
    shown.place(context, 0, 0, width, height);
    seen = { events: parts.reduce((sum, [, begin, end]) => sum + end - begin, 0), every: Math.max(1, ...parts.map(([part]) => part.every)) };
    frame.note.textContent = `${length(wide)}${seen.every > 1 ? `, 1 of ${count(seen.every)} shown` : ''}`;
    frame.plot.describe(`${count(seen.events)} events of ${length(wide)} up to ${stamp(last)} in x, y and time, turned by ${turn()} degrees, seen from ${tilt()} degrees above`);
  }

  return { draw };
}
