// Tabs and their panels: built when first shown, asked when the question changes, drawn when anything moves.

import { axis } from './axis.js';
import { exporting } from './export.js';
import { gestures } from './gestures.js';
import { Latest, ask } from './server.js';
import { element } from './surface.js';
import { at } from './page.js';
import { clock } from './time.js';

const PLACES = ['bar', 'lane', 'main', 'side'];
const isAborted = (error) => error.name === 'AbortError';

/** An answer about a moment stays good while the moment stays inside the stretch that the answer names. */
const stillValid = (panel, parameters, rest) =>
  panel.rest === rest && panel.valid && parameters.at !== undefined && parameters.at !== null && parameters.at >= panel.valid[0] && parameters.at < panel.valid[1];

/**
 * Build the tabs that `listed` ({tabs, views}) names. A view's module exports `mount(host, page)`, which fills `host` and
 * returns a panel: `parameters()` gives its question (null: none now), `take(answer)` keeps an answer, `draw()` draws it.
 */
export function createPanels(page, listed, trouble) {
  const views = new Map(listed.views.map((view) => [view.name, view]));
  const built = new Map();
  const strip = [];
  page.tabTitle = (name) => listed.tabs.find((tab) => tab.name === name)?.title ?? name;

  async function mount(view, host) {
    host.dataset.panel = view.name;
    const { mount: fill } = await import(view.script);
    const panel = await fill(host, page);
    return Object.assign(panel, { view: view.name, title: view.title, place: view.place, host, latest: new Latest(), key: null, valid: null, spent: 0 });
  }

  // --- tabs -------------------------------------------------------------------------------------------------------

  async function build(name) {
    const mine = [...views.values()].filter((view) => view.tabs.includes(name));
    const parts = Object.fromEntries(PLACES.map((place) => [place, mine.filter((view) => view.place === place)]));
    const lanes = element('div', { className: 'lanes' }, element('div', { className: 'cursor', hidden: true }, element('span')));
    const timeline = element('section', { className: 'timeline' }, lanes);
    const bar = element('div', { className: 'bar' });
    const wide = element('div', { className: 'wide-column' });
    const side = element('aside', { className: 'side' });
    side.setAttribute('aria-label', 'At the cursor');
    timeline.setAttribute('aria-label', 'Activity over time');
    timeline.tabIndex = 0;
    if (parts.lane.length) wide.append(timeline);
    const hosts = { bar, lane: lanes, main: wide, side };
    const places = mine.map((view) => {
      const host = element(view.place === 'lane' ? 'div' : 'section', { className: view.place === 'lane' ? 'lane' : view.place === 'bar' ? 'summary' : 'card' });
      hosts[view.place].append(host);
      return [view, host];
    });
    const root = element('div', { className: 'tab' }, ...(parts.bar.length ? [bar] : []), element('div', { className: 'columns' }, wide, ...(parts.side.length ? [side] : [])));
    root.dataset.tab = name;
    root.id = `tab-${name}`;
    root.setAttribute('role', 'tabpanel');
    root.setAttribute('aria-label', page.tabTitle(name));
    at('stage').append(root);
    const panels = (await Promise.all(places.map(([view, host]) => mount(view, host)))).flat();
    if (!parts.lane.length) return { root, lanes, panels, hasLanes: false };
    const time = element('div', { className: 'lane axis' });
    time.dataset.panel = 'axis';
    lanes.append(time);
    listen(lanes);
    return { root, lanes, panels: [...panels, { ...axis(time, page), spent: 0 }], hasLanes: true };
  }

  function listen(lanes) {
    const box = () => (lanes.querySelector('canvas') ?? lanes).getBoundingClientRect();
    gestures(lanes, (event) => {
      const { left, width } = box();
      const fraction = (event.clientX - left) / width;
      return { fraction, inside: fraction >= 0 && fraction <= 1 };
    }, { zoom: page.zoom, move: page.move, whole: page.whole, hover, pin: (fraction) => page.pin(page.timeAt(fraction)) });
  }

  function hover(fraction, event) {
    const next = fraction === null || page.state.at !== null ? null : page.timeAt(fraction);
    const under = next === null ? null : active().map((panel) => panel.under?.(event)).find(Boolean) ?? null;
    if (next === page.hover && under === page.under) return;
    Object.assign(page, { hover: next, under });
    moved();
  }

  const chosen = () => (listed.tabs.some((tab) => tab.name === page.state.tab) ? page.state.tab : listed.tabs[0].name);
  const tab = () => built.get(chosen());
  const active = () => [...strip, ...(tab()?.panels ?? [])];

  function tellTabs() {
    at('tabs').replaceChildren(...listed.tabs.map(({ name, title }, i) => {
      const button = element('button', { textContent: title, title: i < 9 ? `${title} (${i + 1})` : title });
      button.setAttribute('role', 'tab');
      button.dataset.tab = name;
      button.addEventListener('click', () => page.set({ tab: name }));
      return button;
    }));
  }

  async function open() {
    const name = chosen();
    for (const button of at('tabs').children) {
      const mine = button.dataset.tab === name;
      button.setAttribute('aria-selected', mine);
      button.setAttribute('aria-controls', `tab-${button.dataset.tab}`);
      button.tabIndex = mine ? 0 : -1;
    }
    at('tools').replaceChildren(page.tools(name));
    if (!built.has(name)) {
      built.set(name, null);
      try {
        built.set(name, await build(name));
      } catch (error) {
        built.delete(name);
        throw error;
      }
    }
    for (const [other, one] of built) if (one) one.root.hidden = other !== chosen();
    moved();
  }

  // --- asking and drawing -----------------------------------------------------------------------------------------

  function refresh(panel) {
    const parameters = page.state.run !== null && page.run === page.state.run ? panel.parameters?.() : null;
    if (!parameters) return;
    const { at: moment, ...others } = parameters;
    const rest = JSON.stringify([page.state.run, page.summary.revision, others]);
    const key = `${rest} ${moment}`;
    if (panel.key === key || stillValid(panel, parameters, rest)) return;
    panel.key = key;
    panel.host?.setAttribute('aria-busy', panel.rest === undefined);
    const { run } = page.state;
    panel.latest.request(async (signal) => {
      const sent = performance.now();
      try {
        const answer = await ask(page.state.token, run, panel.view, parameters, signal);
        Object.assign(panel, { valid: answer.valid ?? null, rest, spent: performance.now() - sent });
        panel.host?.removeAttribute('aria-busy');
        panel.take(answer);
        if (panel.place === 'lane' && parameters.t0 === null && answer.t1 > page.extent[1]) page.extent = [answer.t0, answer.t1];
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
      for (const panel of active()) panel.draw();
      drawCursor();
      page.tell?.();
    });
  }

  function drawCursor() {
    const lanes = tab()?.lanes;
    const canvas = lanes?.querySelector('canvas');
    if (!canvas) return;
    const cursor = lanes.querySelector('.cursor');
    const { t0, t1 } = page.window();
    const part = (page.moment() - t0) / (t1 - t0);
    const visible = page.cursorShown() && part >= 0 && part <= 1;
    cursor.hidden = !visible;
    if (!visible) return;
    const offset = canvas.getBoundingClientRect().left - lanes.getBoundingClientRect().left;
    cursor.style.transform = `translateX(${offset + part * canvas.clientWidth}px)`;
    cursor.classList.toggle('pinned', page.state.at !== null);
    cursor.classList.toggle('late', part > 0.85);
    cursor.firstChild.textContent = [clock(page.moment(), true), page.under].filter(Boolean).join(' · ');
  }

  /** Whatever changed: draw what is there at once, then ask for what is missing. */
  function moved() {
    drawAll();
    active().forEach(refresh);
  }

  return {
    async begin() {
      tellTabs();
      exporting(at('exports'), at('export'), page, tab, trouble);
      strip.push(await mount(views.get('accuracy'), document.querySelector('[data-panel=accuracy]')));
      await open();
    },
    open,
    moved,
    drawAll,
    /** Whether lanes on the page grow with the run, so that an axis ahead of them would show a gap. */
    hasLanes: () => Boolean(tab()?.hasLanes),
    /** The longest that an answer took, in milliseconds. */
    slowest: () => Math.max(0, ...active().map((panel) => panel.spent)),
    /** Go to the tab `count` places further, or, given a number from 0, to that one. */
    turn(count) {
      const names = listed.tabs.map(({ name }) => name);
      page.set({ tab: names[(names.indexOf(chosen()) + count + names.length) % names.length] });
      at('tabs').querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
    choose(place) {
      if (place < listed.tabs.length) page.set({ tab: listed.tabs[place].name });
    },
  };
}
