// The controls: play, step, how fast, how long a window is, how fast the time surface fades.

import { element } from '../surface.js';
import { length } from './time.js';

const SPEEDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const WINDOWS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 33_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000];
const TAUS = [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];
export const DEFAULTS = { speed: 1, window: 33_000, tau: 50_000 };

const spoken = (speed) => (speed < 1 ? `1/${Math.round(1 / speed)} x` : `${speed} x`);

/** Fill `host`; `tell()` shows what is chosen, `nudge(name, direction)` takes the next one. */
export function transport(host, page) {
  const button = (text, title, act) => {
    const made = element('button', { textContent: text, title });
    made.setAttribute('aria-label', title.replace(/ \(.*/, ''));
    made.addEventListener('click', act);
    return made;
  };
  const choices = { speed: [SPEEDS, spoken], window: [WINDOWS, length], tau: [TAUS, length] };
  const selects = {};

  function choice(name, text) {
    const [values, say] = choices[name];
    const select = element('select', {}, ...values.map((value) => element('option', { value: String(value), textContent: say(value) })));
    select.dataset.choice = name;
    select.addEventListener('change', () => page.set({ [`play.${name}`]: select.value }));
    selects[name] = select;
    return element('label', {}, text, select);
  }

  const play = button('▶', 'Play (space)', page.playhead.toggle);
  play.className = 'play';
  const loop = button('Loop', 'Begin again at the end (l)', () => page.set({ 'play.loop': page.state['play.loop'] ? null : 'on' }));
  const under = button('Frames', 'Frames of the camera under the events', () => page.set({ 'play.under': page.state['play.under'] === 'off' ? null : 'off' }));
  host.replaceChildren(
    element('span', { className: 'buttons' }, button('|◂', 'To the first event (Home)', () => page.jump(1)), button('◂', 'A window back (←)', () => page.step(-1)), play, button('▸', 'A window forward (→)', () => page.step(1)), button('▸|', 'To the last event (End)', () => page.jump(Infinity))),
    choice('speed', 'speed'),
    choice('window', 'window'),
    choice('tau', 'tau'),
    loop,
    under,
  );

  return {
    nudge(name, direction) {
      const [values] = choices[name];
      const chosen = page.chosen(name);
      const next = direction > 0 ? values.find((value) => value > chosen) : values.findLast((value) => value < chosen);
      if (next) page.set({ [`play.${name}`]: String(next) });
    },
    tell() {
      play.textContent = page.playhead.playing ? '❚❚' : '▶';
      play.setAttribute('aria-label', page.playhead.playing ? 'Pause' : 'Play');
      play.setAttribute('aria-pressed', page.playhead.playing);
      loop.setAttribute('aria-pressed', page.playhead.loop);
      under.hidden = !page.file.facts.frames;
      under.setAttribute('aria-pressed', page.state['play.under'] !== 'off');
      for (const [name, select] of Object.entries(selects)) {
        const chosen = page.chosen(name);
        const [values, say] = choices[name];
        // A window from the address that is none of these is one of them from now on.
        if (!values.includes(chosen)) {
          values.push(chosen);
          values.sort((a, b) => a - b);
          select.replaceChildren(...values.map((value) => element('option', { value: String(value), textContent: say(value) })));
        }
        if (document.activeElement !== select) select.value = String(chosen);
      }
    },
  };
}
