// Spikes over time, one lane per population. A click on a name folds its lane; the order of the units is chosen above.

import { GAP, RATE, rasterLane } from '../raster_lane.js';
import { element } from '../surface.js';

const CELL = 2; // pixels of a bin: in narrower ones a sparse population is mere noise
const ORDERS = [['index', 'by index'], ['rate', 'by rate'], ['class', 'by class'], ['space', 'by place']];
const MEASURE = 'gesture to new raster';

/** What rasters show, and in which order; returns what keeps the controls true. */
function controls(page) {
  const density = element('button', { textContent: 'Density', title: 'Zoomed out, show how many spikes (d)' });
  const change = element('button', { textContent: 'Change', title: "Zoomed out, show the change against each row's mean (d)" });
  density.addEventListener('click', () => page.set({ show: null }));
  change.addEventListener('click', () => page.set({ show: 'change' }));
  const group = element('span', { className: 'buttons' }, density, change);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Rasters zoomed out (d)');
  const sort = element('select', { title: 'The order of the units' }, ...ORDERS.map(([value, text]) => element('option', { value, textContent: text })));
  sort.setAttribute('aria-label', 'The order of the units');
  sort.addEventListener('change', () => page.set({ 'raster.sort': sort.value === 'index' ? null : sort.value }));
  page.tools('raster').append(sort, group);
  return () => {
    change.setAttribute('aria-pressed', page.state.show === 'change');
    density.setAttribute('aria-pressed', page.state.show !== 'change');
    sort.value = page.state['raster.sort'] ?? 'index';
  };
}

/** How long a changed window took from the gesture to the pixels of its answer: `page.shared.latency`, milliseconds. */
function stopwatch(page) {
  const latency = [];
  let [seen, asked, come] = [null, [], null];
  page.shared.latency = latency;
  return {
    /** Called with the window that is asked for now. */
    start({ t0, t1 }) {
      const key = `${t0} ${t1}`;
      if (seen !== null && seen !== key) asked.push({ t0, t1, at: performance.now() });
      seen = key;
    },
    arrived(answer) {
      const near = (wanted, got) => wanted === null || Math.abs(wanted - got) <= page.summary.tick;
      const place = asked.findLastIndex(({ t0, t1 }) => near(t0, answer.t0) && near(t1, answer.t1));
      come = asked[place] ?? null;
      asked = asked.slice(place + 1);
    },
    drawn() {
      if (come === null) return;
      const { duration } = performance.measure(MEASURE, { start: come.at, end: performance.now() });
      latency.push(duration);
      come = null;
    },
  };
}

export function mount(host, page) {
  let lanes = [];
  let names = '';
  host.className = 'rasters';
  const tell = controls(page);
  const watch = stopwatch(page);
  const reason = element('p', { className: 'empty' });
  const folded = () => (page.state['raster.folded'] ?? '').split(',').filter(Boolean);

  function fold(name) {
    const left = folded().filter((one) => one !== name);
    const all = left.length < folded().length ? left : [...left, name];
    page.set({ 'raster.folded': all.length ? all.join(',') : null });
  }

  function build(layers) {
    names = JSON.stringify(layers);
    lanes = layers.map((layer, i) => rasterLane(i, layer, page, fold));
    host.replaceChildren(...lanes.map((one) => one.host));
  }

  return {
    parameters() {
      const layers = page.summary.layers.map(({ name, size }) => ({ name, size }));
      if (JSON.stringify(layers) !== names) build(layers);
      const tallest = Math.max(...lanes.map((one) => one.plot.canvas.clientHeight), 0);
      const window = page.windowParameters();
      watch.start(window);
      return {
        ...window,
        sort: page.state['raster.sort'],
        folded: page.state['raster.folded'],
        bins: Math.ceil((lanes[0]?.plot.canvas.clientWidth || 800) / CELL),
        rows: Math.max(16, (tallest || 150) - RATE - GAP),
      };
    },
    take(answer) {
      if (answer.empty) {
        reason.textContent = answer.empty;
        names = '';
        lanes = [];
        host.replaceChildren(reason);
        return;
      }
      watch.arrived(answer);
      answer.layers.forEach((layer, i) => lanes[i]?.take({ ...layer, sort: answer.sort, t0: answer.t0, t1: answer.t1 }));
    },
    draw() {
      tell();
      lanes.forEach((one) => one.draw());
      watch.drawn();
    },
    /** What is under the pointer, in words, or null. */
    under: (event) => lanes.find((one) => one.host.contains(event.target))?.under(event) ?? null,
  };
}
