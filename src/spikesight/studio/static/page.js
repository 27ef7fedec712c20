// What every panel is given: the state, the window of time, the one cursor, and what the run has said of itself.

import { ask } from './server.js';
import { createState } from './state.js';
import { element } from './surface.js';
import { tables } from './tables.js';

const LEAST_TICKS = 20; // the narrowest window
const KEY_ZOOM = 1.6;
const KEY_MOVE = 0.2;

export const at = (id) => document.getElementById(id);

/**
 * The page. Panels read `state`, `summary` (of the run), `window()`, `moment()`, and change things through `set`, `show`,
 * `go`. `shared` is what panels leave for each other; `tools(tab)` is a place for buttons in the row of tabs.
 */
export function createPage() {
  const { state, set, onChange } = createState();
  const tools = new Map();

  const page = {
    state,
    set,
    onChange,
    run: null, // the run that the summary tells of
    runs: [], // names of all runs that are open
    summary: { layers: [], projections: [], classes: [], extent: null, tick: 0.001 },
    extent: [0, 1],
    hover: null, // the time under the pointer
    under: null, // what is under the pointer, in words
    shared: { boundaries: [] },
    openTable: tables(at('table')),
    window: () => (state.t0 === null ? { t0: page.extent[0], t1: page.extent[1] } : { t0: state.t0, t1: state.t1 }),
    windowParameters: () => ({ t0: state.t0, t1: state.t1 }),
    moment: () => state.at ?? page.hover ?? page.extent[1],
    /** The cursor for a question: null, the newest moment, where there is none. */
    cursor: () => (page.cursorShown() ? page.moment() : null),
    cursorShown: () => page.hover !== null || state.at !== null,
    /** The name of the chosen population: the readout where none was chosen. */
    layer: () => (page.summary.layers.some((one) => one.name === state.layer) ? state.layer : page.summary.readout?.post ?? null),
    /** The name of a class: its number where the run gives no names. */
    className: (index) => (index < 0 ? 'none' : page.summary.classes?.[index] ?? String(index)),
    tools(tab) {
      if (!tools.has(tab)) tools.set(tab, element('span', { className: 'tools' }));
      return tools.get(tab);
    },
    go: (tab, changes = {}) => set({ ...changes, tab }),
    show,
    zoom,
    move,
    step,
    anchor,
    whole: () => set({ t0: null, t1: null }),
    timeAt,
    keyZoom: (direction) => zoom(KEY_ZOOM ** direction, anchor()),
    keyMove: (direction) => move(direction * KEY_MOVE),
  };

  /** Show t0..t1, kept inside the run and not narrower than a few ticks; as wide as the run means the whole run. */
  function show(t0, t1) {
    const [start, end] = page.extent;
    const wide = Math.max(LEAST_TICKS * page.summary.tick, t1 - t0);
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

  function timeAt(fraction) {
    const { t0, t1 } = page.window();
    return t0 + fraction * (t1 - t0);
  }

  /** Where keys zoom: at the cursor when it is in view, else in the middle. */
  function anchor() {
    const { t0, t1 } = page.window();
    const part = (page.moment() - t0) / (t1 - t0);
    return page.cursorShown() && part >= 0 && part <= 1 ? part : 0.5;
  }

  let stepping = Promise.resolve();

  /** Pin the cursor to the stimulus before (-1) or after (1) the one it is on; whether there was one. */
  function step(direction) {
    // One after the other: a step begins where the one before it has led.
    stepping = stepping.catch(() => {}).then(() => stepOnce(direction));
    return stepping;
  }

  async function stepOnce(direction) {
    const told = await ask(state.token, state.run, 'steps', { at: page.moment() });
    const t = (direction < 0 ? told.before : told.after) ?? null;
    if (t !== null) pin(t);
    return t !== null;
  }

  /** Pin the cursor at `t`, and move the window there where it is out of view. */
  function pin(t) {
    const { t0, t1 } = page.window();
    Object.assign(page, { hover: null, under: null });
    if (state.t0 !== null && (t < t0 || t > t1)) {
      const wide = t1 - t0;
      const first = Math.min(page.extent[1] - wide, Math.max(page.extent[0], t - wide / 4));
      set({ at: t, t0: first, t1: first + wide });
    } else set({ at: t });
  }

  page.pin = pin;
  return page;
}
