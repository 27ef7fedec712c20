// The page: one state, one cursor, a handful of panels that each ask one view and draw its answer.

import { axis } from './axis.js';
import { classesPanel } from './classes.js';
import { applyTheme, theme } from './colour.js';
import { fieldsPanel } from './fields.js';
import { gestures, keyboard } from './gestures.js';
import { overview } from './overview.js';
import { rasters } from './raster.js';
import { Latest, ask, runs } from './server.js';
import { createState } from './state.js';
import { stimuliLane } from './stimuli.js';
import { stimulusPanel } from './stimulus.js';
import { summaryBar } from './summary.js';
import { element } from './surface.js';
import { closable, tables } from './tables.js';
import { clock, span } from './time.js';
import { unitPanel } from './unit.js';

const PULSE = 900; // milliseconds between looks at a running run
const REST = 4000; // the same for one that is not running
const LEAST_TICKS = 20; // the narrowest window
const KEY_ZOOM = 1.6;
const KEY_MOVE = 0.2;

const at = (id) => document.getElementById(id);
const host = (name) => document.querySelector(`[data-panel="${name}"]`);
const { state, set, onChange } = createState();

const page = {
  state,
  set,
  run: null, // the run that the summary tells of
  summary: { layers: [], extent: null, tick: 0.001 },
  extent: [0, 1],
  hover: null, // the time under the pointer
  under: null, // the unit under the pointer
  openTable: tables(at('table')),
  window: () => (state.t0 === null ? { t0: page.extent[0], t1: page.extent[1] } : { t0: state.t0, t1: state.t1 }),
  windowParameters: () => ({ t0: state.t0, t1: state.t1 }),
  moment: () => state.at ?? page.hover ?? page.extent[1],
  cursorShown: () => page.hover !== null || state.at !== null,
  boundaries: () => stimuli.boundaries(),
  show,
  whole: () => set({ t0: null, t1: null }),
};

const stimuli = stimuliLane(host('stimuli'), page);
const raster = rasters(host('raster'), page);
const fields = fieldsPanel(host('receptive_fields'), page);
const panels = [
  overview(host('accuracy'), page),
  stimuli,
  raster,
  axis(host('axis'), page),
  stimulusPanel(host('stimulus'), page),
  fields,
  unitPanel(host('unit'), page, fields.field),
  classesPanel(host('classes'), page),
];
const tellSummary = summaryBar({ facts: at('facts'), status: at('status'), details: at('details') }, page);
for (const panel of panels) Object.assign(panel, { latest: new Latest(), key: null, valid: null, spent: 0 });

// --- the window ---------------------------------------------------------------------------------------------------

/** Show t0..t1, kept inside the run and not narrower than a few ticks; as wide as the run means the whole run. */
function show(t0, t1) {
  const [start, end] = page.extent;
  const least = LEAST_TICKS * page.summary.tick;
  const wide = Math.max(least, t1 - t0);
  if (wide >= end - start) return set({ t0: null, t1: null });
  const middle = (t0 + t1) / 2;
  const first = Math.min(end - wide, Math.max(start, middle - wide / 2));
  return set({ t0: first, t1: first + wide });
}

function zoom(factor, fraction) {
  const { t0, t1 } = page.window();
  const still = t0 + fraction * (t1 - t0);
  const wide = Math.max(LEAST_TICKS * page.summary.tick, (t1 - t0) * factor);
  if (factor > 1 && state.t0 === null) return;
  show(still - fraction * wide, still + (1 - fraction) * wide);
}

function move(fractions) {
  if (state.t0 === null) return;
  const { t0, t1 } = page.window();
  show(t0 + fractions * (t1 - t0), t1 + fractions * (t1 - t0));
}

const timeAt = (fraction) => {
  const { t0, t1 } = page.window();
  return t0 + fraction * (t1 - t0);
};

/** Where keys zoom: at the cursor when it is in view, else in the middle. */
function anchor() {
  const { t0, t1 } = page.window();
  const part = (page.moment() - t0) / (t1 - t0);
  return page.cursorShown() && part >= 0 && part <= 1 ? part : 0.5;
}

function hover(fraction, event) {
  const next = fraction === null || state.at !== null ? null : timeAt(fraction);
  const under = next === null ? null : raster.under(event);
  if (next === page.hover && under === page.under) return;
  Object.assign(page, { hover: next, under });
  moved();
}

function step(direction) {
  const t = stimuli.neighbour(page.moment(), direction);
  if (t === null) return;
  set({ at: t });
  const { t0, t1 } = page.window();
  if (t < t0 || t > t1) move(direction * 0.5);
}

gestures(at('lanes'), (event) => {
  const box = (raster.canvas() ?? at('lanes')).getBoundingClientRect();
  const fraction = (event.clientX - box.left) / box.width;
  return { fraction, inside: fraction >= 0 && fraction <= 1 };
}, {
  zoom,
  move,
  hover,
  pin: (fraction) => {
    Object.assign(page, { hover: null, under: null });
    set({ at: timeAt(fraction) });
  },
  whole: page.whole,
});

const toggleShow = () => set({ show: state.show === 'change' ? null : 'change' });
const toggleTheme = () => set({ theme: theme() === 'dark' ? 'light' : 'dark' });
keyboard({
  '+': () => zoom(1 / KEY_ZOOM, anchor()),
  '=': () => zoom(1 / KEY_ZOOM, anchor()),
  '-': () => zoom(KEY_ZOOM, anchor()),
  0: page.whole,
  ArrowLeft: () => move(-KEY_MOVE),
  ArrowRight: () => move(KEY_MOVE),
  'Shift+ArrowLeft': () => step(-1),
  'Shift+ArrowRight': () => step(1),
  Escape: () => set({ at: null }),
  d: toggleShow,
  t: toggleTheme,
  '?': () => at('keys').showModal(),
});
at('zoom-in').addEventListener('click', () => zoom(1 / KEY_ZOOM, anchor()));
at('zoom-out').addEventListener('click', () => zoom(KEY_ZOOM, anchor()));
at('whole').addEventListener('click', page.whole);
at('density').addEventListener('click', () => set({ show: null }));
at('change').addEventListener('click', () => set({ show: 'change' }));
at('theme').addEventListener('click', toggleTheme);
at('help').addEventListener('click', () => at('keys').showModal());
[at('table'), at('keys')].forEach(closable);

// --- asking and drawing -------------------------------------------------------------------------------------------

const isAborted = (error) => error.name === 'AbortError';

function trouble(error) {
  at('trouble').hidden = !error;
  if (!error) return;
  at('trouble').textContent = error.status ? error.message : 'The studio does not answer any more: was it stopped? Trying again.';
}

/** An answer about a moment stays good while the moment stays inside the stretch that the answer names. */
const stillValid = (panel, parameters, rest) =>
  panel.rest === rest && panel.valid && parameters.at !== undefined && parameters.at !== null && parameters.at >= panel.valid[0] && parameters.at < panel.valid[1];

function refresh(panel) {
  const parameters = state.run !== null && page.run === state.run ? panel.parameters?.() : null;
  if (!parameters) return;
  const { at: moment, ...others } = parameters;
  const rest = JSON.stringify([state.run, page.summary.revision, others]);
  const key = `${rest} ${moment}`;
  if (panel.key === key || stillValid(panel, parameters, rest)) return;
  panel.key = key;
  const { run } = state;
  panel.latest.request(async (signal) => {
    const sent = performance.now();
    try {
      const answer = await ask(state.token, run, panel.view, parameters, signal);
      Object.assign(panel, { valid: answer.valid ?? null, rest, spent: performance.now() - sent });
      panel.take(answer);
      if (panel === raster && parameters.t0 === null && !answer.empty) page.extent = [answer.t0, answer.t1];
      tellWindow();
      drawAll();
    } catch (error) {
      if (isAborted(error)) return;
      panel.key = null;
      trouble(error);
    }
  });
}

let frame = null;
function drawAll() {
  frame ??= requestAnimationFrame(() => {
    frame = null;
    for (const panel of panels) panel.draw();
    drawCursor();
  });
}

const growing = (summary) => state.t0 === null && summary.extent?.[0] === page.extent[0] && summary.extent[1] > page.extent[1];

function tellWindow() {
  const { t0, t1 } = page.window();
  at('window').textContent = page.summary.extent ? `${clock(t0, t1 - t0 < 60)} – ${clock(t1, t1 - t0 < 60)} · ${span(t1 - t0)}` : '';
}

function drawCursor() {
  const { t0, t1 } = page.window();
  const canvas = raster.canvas();
  const part = (page.moment() - t0) / (t1 - t0);
  const visible = Boolean(canvas) && page.cursorShown() && part >= 0 && part <= 1;
  at('cursor').hidden = !visible;
  if (!visible) return;
  const offset = canvas.getBoundingClientRect().left - at('lanes').getBoundingClientRect().left;
  at('cursor').style.transform = `translateX(${offset + part * canvas.clientWidth}px)`;
  at('cursor').classList.toggle('pinned', state.at !== null);
  at('cursor').classList.toggle('late', part > 0.85);
  at('cursor-time').textContent = [clock(page.moment(), true), page.under].filter(Boolean).join(' · ');
}

/** Whatever changed: draw what is there at once, then ask for what is missing. */
function moved() {
  tellWindow();
  at('whole').disabled = state.t0 === null;
  at('change').setAttribute('aria-pressed', state.show === 'change');
  at('density').setAttribute('aria-pressed', state.show !== 'change');
  document.title = `${state.run ?? 'Spikesight'} · Spikesight studio`;
  document.querySelector('main').classList.toggle('wide', state.side === 'wide');
  drawAll();
  panels.forEach(refresh);
}

// --- following the run --------------------------------------------------------------------------------------------

let beat = null;
async function pulse() {
  clearTimeout(beat);
  if (document.hidden) return;
  const started = performance.now();
  try {
    const { run } = state;
    const summary = await ask(state.token, run, 'summary', {});
    if (run !== state.run) return;
    const other = page.run !== run;
    const news = other || summary.revision !== page.summary.revision;
    // While the whole of a growing run is shown, time grows with the rasters: an axis ahead of them would show a gap.
    if (other || !page.summary.extent || !growing(summary)) page.extent = summary.extent ?? [0, 1];
    page.run = run;
    page.summary = summary;
    tellSummary(summary);
    trouble(null);
    if (news) moved();
  } catch (error) {
    if (!isAborted(error)) trouble(error);
  }
  // A long trace takes long to look at: then look less often, and leave the machine to the training.
  const slowest = Math.max(performance.now() - started, ...panels.map((panel) => panel.spent));
  const pause = page.summary.status === 'running' ? PULSE : REST;
  beat = setTimeout(pulse, Math.max(pause, 5 * slowest));
}

async function begin() {
  applyTheme(state.theme);
  try {
    const known = await runs(state.token ?? '');
    const names = known.map((run) => run.name);
    at('run').replaceChildren(...names.map((name) => element('option', { value: name, textContent: name })));
    at('run').disabled = names.length < 2;
    if (!names.includes(state.run)) set({ run: names[0] });
    at('run').value = state.run;
  } catch (error) {
    trouble(error);
    if (error.status !== 401) setTimeout(begin, REST);
    return;
  }
  pulse();
}

at('run').addEventListener('change', () => set({ run: at('run').value, t0: null, t1: null, at: null, unit: null }));
onChange((changes) => {
  if (page.run !== null && page.run !== state.run) {
    at('run').value = state.run;
    pulse();
    return;
  }
  if ('theme' in changes) applyTheme(state.theme);
  moved();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  applyTheme(state.theme);
  drawAll();
});
addEventListener('resize', moved);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && page.run !== null) pulse();
});

begin();
