// Spikes per neuron and class in three dimensions: a ridge a class, neurons along it, spikes upwards.

import { classColour, ink } from '../colour.js';
import { brief } from '../lane.js';
import { projection, turning } from '../space.js';
import { card, count, element, label, surface } from '../surface.js';
import { once, strongest, unitOrder } from '../unit_axis.js';

const MOST_POINTS = 240; // along a ridge; of more neurons, the strongest of each group stands
const MOST_STEPS = 64; // so few neurons are drawn as bars
const TURN = 24;
const TILT = 34;
const FLATTEST = 4;
const STEEPEST = 86;
const NEAR = 14; // pixels that a click may be off

/** Neurons in places along the ridge: [first, after the last] of the order. */
function places(count) {
  const n = Math.min(count, MOST_POINTS);
  return Array.from({ length: n }, (_, i) => [Math.floor((i * count) / n), Math.floor(((i + 1) * count) / n)]);
}

export function mount(host, page) {
  const frame = card(host, 'Neurons and classes in 3-D', openTable);
  const back = element('button', { className: 'quiet', textContent: 'Turn back', title: 'Back to how it stood at first' });
  back.addEventListener('click', () => page.set({ 'class_space.turn': null, 'class_space.tilt': null }));
  frame.tools.prepend(back);
  const holder = element('div', { className: 'space' });
  frame.body.append(holder);
  const plot = surface(holder, () => draw());
  let answer = null;
  let ridges = [];

  const number = (name, otherwise) => (page.state[name] === undefined || page.state[name] === null || !Number.isFinite(Number(page.state[name])) ? otherwise : Number(page.state[name]));
  const turn = () => number('class_space.turn', TURN);
  const tilt = () => Math.min(STEEPEST, Math.max(FLATTEST, number('class_space.tilt', TILT)));

  turning(plot.canvas, (degrees, up) => {
    page.set({ 'class_space.turn': String(Math.round((turn() + degrees) * 10) / 10), 'class_space.tilt': String(Math.min(STEEPEST, Math.max(FLATTEST, Math.round((tilt() + up) * 10) / 10))) });
  }, pick);

  /** What stands where: a ridge a class, each with the height and the strongest neuron of its places. */
  function build() {
    const order = unitOrder(answer, page.state['selectivity.order'] !== 'unit');
    const groups = places(order.length);
    const units = order.length;
    const share = page.state['selectivity.scale'] === 'share';
    const top = share ? 1 : answer.responses.reduce((most, value) => (value > most ? value : most), 0) || 1;
    const value = (row, unit) => (answer.responses[row * units + unit] || 0) / (share ? strongest(answer, unit) || 1 : 1);
    return Array.from(answer.classes, (one, row) => ({
      one,
      at: answer.classes.length > 1 ? (2 * row) / (answer.classes.length - 1) - 1 : 0,
      top,
      stands: groups.map(([first, last]) => {
        let unit = order[first];
        for (let i = first; i < last; i += 1) if (value(row, order[i]) > value(row, unit)) unit = order[i];
        return { unit, chosen: order.slice(first, last).includes(page.state.unit), value: value(row, unit) };
      }),
    }));
  }

  function draw() {
    back.hidden = Boolean(answer?.empty) || (turn() === TURN && tilt() === TILT);
    if (!answer?.responses) return;
    const { context, width, height } = plot.begin();
    const inside = projection(turn(), tilt(), width - 76, height - 48);
    const space = { near: inside.near, point: (...place) => inside.point(...place).map((value, i) => value + [38, 22][i]) };
    ridges = once(answer, `ridges ${page.state['selectivity.order']} ${page.state['selectivity.scale']} ${page.state.unit}`, build);
    floor(context, space);
    const far = [...ridges].sort((a, b) => space.near(0, a.at) - space.near(0, b.at));
    chosenPlace(context, space);
    for (const ridge of far) ridgeOf(context, space, ridge);
    names(context, space);
    const upwards = page.state['selectivity.scale'] === 'share' ? 'share of the largest answer of each neuron' : `spikes a stimulus, at most ${brief(ridges[0].top)}`;
    frame.note.textContent = `${upwards}; drag or arrow keys turn it`;
    plot.describe(`Landscape of ${count(answer.preferred.length)} neurons of ${answer.layer} by ${answer.classes.length} classes, height: ${upwards}; turned by ${turn()} degrees, seen from ${tilt()} degrees above`);
  }

  function path(context, points) {
    context.beginPath();
    points.forEach((point) => context.lineTo(...point));
  }

  function floor(context, space) {
    path(context, [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, c]) => space.point(u, c, 0)));
    context.closePath();
    context.fillStyle = ink('raised');
    context.fill();
    context.strokeStyle = ink('line-strong');
    context.lineWidth = 1;
    context.stroke();
    // The two walls behind carry the scale.
    const [u, c] = [space.near(-1, 0) < space.near(1, 0) ? -1 : 1, space.near(0, -1) < space.near(0, 1) ? -1 : 1];
    context.strokeStyle = ink('line');
    for (const z of [0.25, 0.5, 0.75, 1]) {
      path(context, [space.point(u, -c, z), space.point(u, c, z), space.point(-u, c, z)]);
      context.stroke();
    }
    path(context, [space.point(u, c, 0), space.point(u, c, 1)]);
    context.stroke();
  }

  /** Where the chosen neuron stands, as a line across the floor. */
  function chosenPlace(context, space) {
    const place = ridges[0].stands.findIndex((stand) => stand.chosen);
    if (place < 0) return;
    const u = 2 * ((place + 0.5) / ridges[0].stands.length) - 1;
    path(context, [space.point(u, -1, 0), space.point(u, 1, 0)]);
    context.strokeStyle = ink('accent');
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** One ridge: the nearer ones are drawn over it later, so what they hide is hidden. */
  function ridgeOf(context, space, ridge) {
    const steps = ridge.stands.length <= MOST_STEPS;
    const half = 1 / ridge.stands.length;
    const u = (i) => 2 * ((i + 0.5) / ridge.stands.length) - 1;
    const crest = ridge.stands.flatMap(({ value }, i) => (steps
      ? [[u(i) - half * 0.8, 0], [u(i) - half * 0.8, value], [u(i) + half * 0.8, value], [u(i) + half * 0.8, 0]]
      : [[u(i), value]]));
    const points = [[-1, 0], ...crest, [1, 0]].map(([across, value]) => space.point(across, ridge.at, value / ridge.top));
    path(context, points);
    context.closePath();
    context.fillStyle = ink('sheet');
    context.globalAlpha = 0.86;
    context.fill();
    context.fillStyle = classColour(ridge.one);
    context.globalAlpha = 0.3;
    context.fill();
    context.globalAlpha = 1;
    path(context, points);
    context.strokeStyle = classColour(ridge.one);
    context.lineWidth = 1.1;
    context.lineJoin = 'round';
    context.stroke();
    ridge.seen = ridge.stands.map(({ unit, value }, i) => ({ unit, at: space.point(u(i), ridge.at, value / ridge.top) }));
    const place = ridge.stands.findIndex((stand) => stand.chosen);
    if (place < 0) return;
    if (!ridge.stands[place].value) return;
    path(context, [space.point(u(place), ridge.at, 0), ridge.seen[place].at]);
    context.strokeStyle = context.fillStyle = ink('accent');
    context.lineWidth = 2;
    context.stroke();
    context.beginPath();
    context.arc(...ridge.seen[place].at, 3, 0, 7);
    context.fill();
  }

  function names(context, space) {
    const end = space.near(-1, 0) > space.near(1, 0) ? -1 : 1;
    const [middle] = space.point(0, 0, 0);
    context.font = `600 11px ${ink('font')}`;
    context.textBaseline = 'middle';
    for (const ridge of ridges) {
      const [x, y] = space.point(end, ridge.at, 0);
      context.textAlign = x < middle ? 'right' : 'left';
      context.fillStyle = classColour(ridge.one);
      context.fillText(page.className(ridge.one).slice(0, 6), x + (x < middle ? -8 : 8), y + 4);
    }
    const front = space.near(0, -1) > space.near(0, 1) ? -1 : 1;
    const [x, y] = space.point(0, front, 0);
    context.textAlign = 'center';
    label(context, `neurons ${page.state['selectivity.order'] === 'unit' ? 'by number' : 'by class'}`, x, y + 14);
    const wall = space.point(space.near(-1, 0) < space.near(1, 0) ? -1 : 1, space.near(0, -1) < space.near(0, 1) ? -1 : 1, 1);
    label(context, brief(ridges[0].top), wall[0], wall[1] - 8);
    context.textAlign = 'left';
  }

  function pick(x, y) {
    let best = { far: NEAR, unit: null };
    for (const { seen } of ridges) {
      for (const { unit, at } of seen) {
        const far = Math.hypot(at[0] - x, at[1] - y);
        if (far < best.far) best = { far, unit };
      }
    }
    if (best.unit !== null) page.set({ unit: best.unit === page.state.unit ? null : best.unit });
  }

  function openTable() {
    const units = answer?.preferred?.length ?? 0;
    const rows = answer?.responses ? unitOrder(answer, true).slice(0, 1000).map((unit) => [unit, ...Array.from(answer.classes, (_, row) => brief(answer.responses[row * units + unit]))]) : [];
    page.openTable('Spikes per neuron and class', answer?.empty ?? answer?.note ?? '', ['unit', ...Array.from(answer?.classes ?? [], (one) => `class ${page.className(one)}`)], rows);
  }

  return {
    parameters: () => ({ layer: page.layer(), ...page.windowParameters() }),
    take(given) {
      answer = given;
      frame.empty(answer.empty);
    },
    draw,
  };
}
