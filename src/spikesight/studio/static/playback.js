// Playback: the cursor walks through the run by itself, a stimulus or a stretch of time at every step.

import { element } from './surface.js';

const SPEEDS = [2000, 1000, 500, 250, 100]; // milliseconds a step
const STEPS = [['stimulus', 'stimulus'], ['0.01', '10 ms'], ['0.1', '100 ms'], ['1', '1 s'], ['10', '10 s'], ['100', '100 s']];

/** Fill `host` with the controls; `toggle`, `forward` and `back` are for the keys. */
export function playback(host, page) {
  const play = element('button', { title: 'Play (space)' });
  const back = element('button', { textContent: '◂', title: 'A step back (,)' });
  const next = element('button', { textContent: '▸', title: 'A step forward (.)' });
  back.setAttribute('aria-label', 'A step back');
  next.setAttribute('aria-label', 'A step forward');
  const step = element('select', { title: 'What a step is' }, ...STEPS.map(([value, text]) => element('option', { value, textContent: text })));
  step.setAttribute('aria-label', 'What a step is');
  const speed = element('select', { title: 'How fast' }, ...SPEEDS.map((value) => element('option', { value: String(value), textContent: `${1000 / value} / s` })));
  speed.setAttribute('aria-label', 'Steps a second');
  host.replaceChildren(element('span', { className: 'buttons' }, back, play, next), step, speed);
  let timer = null;

  /** What a step is: a stimulus, in a run without stimuli a hundredth of it or so. */
  function stepped() {
    const chosen = page.state['play.step'];
    if (chosen || page.summary.stimuli !== 0) return chosen ?? 'stimulus';
    const long = page.extent[1] - page.extent[0];
    return STEPS.slice(1).findLast(([value]) => Number(value) <= long / 50)?.[0] ?? STEPS[1][0];
  }

  async function forward(direction) {
    const length = stepped();
    if (length === 'stimulus') return page.step(direction);
    const there = (page.state.at ?? page.hover ?? page.extent[0]) + direction * Number(length);
    const inside = there >= page.extent[0] && there <= page.extent[1];
    if (inside) page.pin(there);
    return inside;
  }

  async function tick() {
    const going = document.hidden || await forward(1).catch(() => false);
    if (timer === null) return;
    if (going) again();
    else stop();
  }

  function again() {
    timer = setTimeout(tick, Number(page.state['play.speed'] ?? 500));
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    tell();
  }

  function toggle() {
    if (timer !== null) return stop();
    if (page.state.at === null && page.hover === null) page.pin(page.window().t0);
    again();
    return tell();
  }

  function tell() {
    play.textContent = timer === null ? '▶' : '❚❚';
    play.setAttribute('aria-label', timer === null ? 'Play' : 'Pause');
    play.setAttribute('aria-pressed', timer !== null);
    step.value = stepped();
    step.firstChild.disabled = page.summary.stimuli === 0;
    speed.value = page.state['play.speed'] ?? '500';
  }

  play.addEventListener('click', toggle);
  back.addEventListener('click', () => forward(-1));
  next.addEventListener('click', () => forward(1));
  step.addEventListener('change', () => page.set({ 'play.step': step.value }));
  speed.addEventListener('change', () => page.set({ 'play.speed': speed.value }));
  tell();
  return { toggle, tell, forward: () => forward(1), back: () => forward(-1) };
}
