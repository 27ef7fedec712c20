// The page: one state, one cursor, tabs of panels that each ask one view and draw its answer.

import { applyTheme, theme } from './colour.js';
import { keyboard } from './gestures.js';
import { at, createPage } from './page.js';
import { createPanels } from './panels.js';
import { playback } from './playback.js';
import { ask, runs, views } from './server.js';
import { element } from './surface.js';
import { closable } from './tables.js';
import { clock, span } from './time.js';

const PULSE = 900; // milliseconds between looks at a running run
const REST = 4000; // the same for one that is not running
const WORDS = { running: 'live', finished: 'finished', failed: 'failed', interrupted: 'interrupted', stopped: 'stopped' };

const page = createPage();
const { state, set } = page;
const player = playback(at('playback'), page);
let panels = null;

function trouble(error) {
  at('trouble').hidden = !error;
  if (!error) return;
  at('trouble').textContent = error.status ? error.message : error.unreachable ? 'The studio does not answer any more: was it stopped? Trying again.' : `The page has made a mistake: ${error.message}`;
  if (!error.status && !error.unreachable) console.error(error);
}

/** What the frame itself says: the window, the run, its state. */
page.tell = function tell() {
  const { t0, t1 } = page.window();
  at('window').textContent = page.summary.extent ? `${clock(t0, t1 - t0 < 60)} – ${clock(t1, t1 - t0 < 60)} · ${span(t1 - t0)}` : '';
  at('whole').disabled = state.t0 === null;
  at('stage').classList.toggle('wide', state.side === 'wide');
  document.title = `${state.run ?? 'Spikesight'} · Spikesight studio`;
};

function tellStatus({ status, progress, error }) {
  at('status').className = `status ${status}`;
  const done = status === 'running' && progress?.total ? ` ${Math.round((100 * progress.done) / progress.total)} %` : '';
  at('status').textContent = `${WORDS[status] ?? status}${done}`;
  at('status').title = error ?? '';
}

const toggleTheme = () => set({ theme: theme() === 'dark' ? 'light' : 'dark' });
const toggleShow = () => set({ show: state.show === 'change' ? null : 'change' });
const digits = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), () => panels?.choose(i)]));
keyboard({
  ...digits,
  '[': () => panels?.turn(-1),
  ']': () => panels?.turn(1),
  '+': () => page.keyZoom(-1),
  '=': () => page.keyZoom(-1),
  '-': () => page.keyZoom(1),
  0: page.whole,
  ArrowLeft: () => page.keyMove(-1),
  ArrowRight: () => page.keyMove(1),
  'Shift+ArrowLeft': () => page.step(-1).catch(trouble),
  'Shift+ArrowRight': () => page.step(1).catch(trouble),
  ' ': player.toggle,
  ',': player.back,
  '.': player.forward,
  Escape: () => set({ at: null }),
  d: toggleShow,
  t: toggleTheme,
  '?': () => at('keys').showModal(),
});
at('zoom-in').addEventListener('click', () => page.keyZoom(-1));
at('zoom-out').addEventListener('click', () => page.keyZoom(1));
at('whole').addEventListener('click', page.whole);
at('theme').addEventListener('click', toggleTheme);
at('help').addEventListener('click', () => at('keys').showModal());
[at('table'), at('exports'), at('keys')].forEach(closable);

// The arrows move along a row of tabs.
at('tabs').addEventListener('keydown', (event) => {
  const count = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!count) return;
  event.preventDefault();
  event.stopPropagation();
  panels.turn(count);
  at('tabs').querySelector('[aria-selected=true]').focus();
});

// --- following the run --------------------------------------------------------------------------------------------

const growing = (summary) => panels.hasLanes() && state.t0 === null && summary.extent?.[0] === page.extent[0] && summary.extent[1] > page.extent[1];

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
    // While the whole of a growing run is shown, time grows with the lanes: an axis ahead of them would show a gap.
    if (other || !page.summary.extent || !growing(summary)) page.extent = summary.extent ?? [0, 1];
    page.run = run;
    page.summary = summary;
    tellStatus(summary);
    player.tell();
    trouble(null);
    if (news) panels.moved();
    else panels.drawAll();
  } catch (error) {
    if (error.name !== 'AbortError') trouble(error);
  }
  // A long trace takes long to look at: then look less often, and leave the machine to the training.
  const slowest = Math.max(performance.now() - started, panels.slowest());
  const pause = page.summary.status === 'running' ? PULSE : REST;
  beat = setTimeout(pulse, Math.max(pause, 5 * slowest));
}

async function begin() {
  applyTheme(state.theme);
  try {
    page.runs = (await runs(state.token ?? '')).map((run) => run.name);
    at('run').replaceChildren(...page.runs.map((name) => element('option', { value: name, textContent: name })));
    at('run').disabled = page.runs.length < 2;
    if (!page.runs.includes(state.run)) set({ run: page.runs[0] });
    at('run').value = state.run;
    if (!panels) {
      panels = createPanels(page, await views(state.token), trouble);
      page.onChange(changed);
    }
    await panels.begin();
  } catch (error) {
    trouble(error);
    if (error.status !== 401) setTimeout(begin, REST);
    return;
  }
  pulse();
}

function changed(changes) {
  if (page.run !== null && page.run !== state.run) {
    at('run').value = state.run;
    pulse();
    return;
  }
  if ('theme' in changes) applyTheme(state.theme);
  if ('tab' in changes) panels.open().catch(trouble);
  else panels.moved();
}

at('run').addEventListener('change', () => set({ run: at('run').value, t0: null, t1: null, at: null, unit: null, layer: null, projection: null }));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  applyTheme(state.theme);
  panels?.drawAll();
});
addEventListener('resize', () => panels?.moved());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && page.run !== null) pulse();
});

begin();
