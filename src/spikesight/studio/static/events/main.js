// The page that plays files of events: one cursor, four pictures of the window before it, the course of time below.

import { applyTheme, picture, theme } from '../colour.js';
import { keyboard } from '../gestures.js';
import { ask, files } from '../server.js';
import { createState } from '../state.js';
import { element, label } from '../surface.js';
import { closable, tables } from '../tables.js';
import { mount as mountCloud } from './cloud.js';
import { mount as mountCounted } from './counted.js';
import { mount as mountCourse } from './course.js';
import { mount as mountDecayed } from './decayed.js';
import { mount as mountDots } from './dots.js';
import { tellFacts } from './facts.js';
import { following } from './following.js';
import { playhead } from './playhead.js';
import { length, stamp } from './time.js';
import { DEFAULTS, transport } from './transport.js';

const PATIENCE = 300; // milliseconds between looks at a file that is being read
const PICTURES = { dots: mountDots, counted: mountCounted, decayed: mountDecayed, cloud: mountCloud };
const LATER = 2000;
const DRAWN = 'pictures drawn'; // a mark whenever they were, for who measures
const MOST_MARKS = 2000;

const at = (id) => document.getElementById(id);
const { state, set, onChange } = createState();
const grey = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
const opened = new Map();
let panels = null;
let course = null;
let controls = null;
let frame = null;
let drawn = 0;

const head = playhead(() => page.drawSoon(), () => page.keepMoment());
const number = (name) => (Number(state[`play.${name}`]) > 0 ? Number(state[`play.${name}`]) : DEFAULTS[name]);

/** What the pictures are given: the cursor, the window before it, the files that are shown, and the way to change things. */
const page = {
  state,
  set,
  playhead: head,
  file: null,
  under: null, // the frame of the camera at the cursor
  openTable: tables(at('table')),
  chosen: number,
  length: () => Math.min(number('window'), page.file.facts.duration),
  tau: () => number('tau'),
  window: () => ({ first: Math.max(0, head.at - page.length()), last: head.at }),
  /** The files under the cursor: the one that was chosen, and perhaps one beside it. */
  files: () => [page.file, opened.get(state['play.beside'])].filter((one) => one?.facts?.count && one !== null),
  step: (windows) => page.jump(head.at + windows * page.length()),
  jump(time) {
    head.go(time);
    course.follow();
    page.keepMoment();
  },
  keepMoment: () => set({ at: Math.round(head.at) / 1e6 }),
  drawSoon() {
    frame ??= requestAnimationFrame(draw);
  },
  caption(context, text, x, y) {
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    label(context, text, x, y);
    context.textAlign = 'left';
  },
  trouble,
};

function trouble(error) {
  at('trouble').hidden = !error;
  if (!error) return;
  at('trouble').textContent = error.status ? error.message : error.unreachable ? 'The studio does not answer any more: was it stopped?' : `The page has made a mistake: ${error.message}`;
  if (!error.status && !error.unreachable) console.error(error);
}

// --- frames of the camera -------------------------------------------------------------------------------------------

let frameThere = null;
const followFrame = following('picture', (answer) => {
  frameThere = answer;
  page.under = answer.levels ? picture(answer.levels, answer.levels.shape[1], answer.levels.shape[0], grey) : null;
  page.drawSoon();
}, trouble);

function tellFrame() {
  if (!page.file.facts.frames || state['play.under'] === 'off') {
    page.under = frameThere = null;
    return;
  }
  const there = frameThere?.levels && head.at > frameThere.t && (frameThere.until === null || head.at <= frameThere.until);
  if (!there) followFrame(state.token, page.file.name, { to: Math.max(1, Math.round(head.at)) });
}

// --- drawing --------------------------------------------------------------------------------------------------------

function draw() {
  frame = null;
  if (!panels) return;
  head.speed = number('speed');
  head.loop = Boolean(state['play.loop']);
  if (head.playing) course.follow();
  tellFrame();
  for (const panel of panels) panel.draw();
  course.draw();
  controls.tell();
  at('moment').textContent = `${stamp(head.at)} of ${length(page.file.facts.duration)}`;
  at('moment').dataset.at = Math.round(head.at);
  performance.mark(DRAWN);
  drawn += 1;
  if (drawn % MOST_MARKS === 0) performance.clearMarks(DRAWN);
}

function arrange() {
  const large = state['play.large'] in PICTURES ? state['play.large'] : 'dots';
  for (const name of Object.keys(PICTURES)) document.querySelector(`[data-panel=${name}]`).classList.toggle('large', name === large);
}

// --- files ----------------------------------------------------------------------------------------------------------

/** The facts of `file` once it is read; until then its progress is told. */
async function factsOf(file) {
  for (;;) {
    const facts = await ask(state.token, file.name, 'facts', {});
    trouble(null);
    if (!facts.reading) return facts;
    at('status').className = 'status running';
    at('status').textContent = 'reading';
    at('waiting').textContent = facts.empty;
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  }
}

function seen(there) {
  for (const id of ['facts', 'pictures', 'course', 'transport']) at(id).hidden = !there;
  at('waiting').hidden = there;
}

async function show(name) {
  head.playing = false;
  const file = opened.get(name);
  seen(false);
  at('waiting').textContent = `Reading ${name} …`;
  try {
    file.facts ??= await factsOf(file);
  } catch (error) {
    at('waiting').textContent = error.status ? `This file cannot be shown. ${error.message}` : 'The studio does not answer.';
    at('status').className = 'status failed';
    at('status').textContent = 'failed';
    if (!error.status || error.status === 401) trouble(error);
    return;
  }
  if (name !== state.run) return;
  at('status').className = 'status finished';
  at('status').textContent = 'read';
  document.title = `${name} · Spikesight studio`;
  if (!file.facts.count) {
    at('waiting').textContent = file.facts.empty;
    return;
  }
  page.file = file;
  head.duration = file.facts.duration;
  head.at = Math.min(head.duration, Math.max(1, state.at === null ? page.length() : state.at * 1e6));
  tellFacts(at('facts'), at('notes'), file.facts);
  seen(true);
  panels ??= Object.entries(PICTURES).map(([panel, mount]) => mount(document.querySelector(`[data-panel=${panel}]`), page));
  course ??= mountCourse(at('course'), page);
  controls ??= transport(at('transport'), page);
  arrange();
  page.drawSoon();
}

async function beside(name) {
  if (!opened.has(name)) return;
  const file = opened.get(name);
  file.facts ??= await factsOf(file);
  at('status').className = 'status finished';
  at('status').textContent = 'read';
  page.drawSoon();
}

async function begin() {
  applyTheme(state.theme);
  try {
    const names = (await files(state.token ?? '')).map((file) => file.name);
    for (const name of names) if (!opened.has(name)) opened.set(name, { name, facts: null });
    at('file').replaceChildren(...names.map((name) => element('option', { value: name, textContent: name })));
    at('file').disabled = names.length < 2;
    at('beside-label').hidden = names.length < 2;
    at('beside').replaceChildren(element('option', { value: '', textContent: 'nothing' }), ...names.map((name) => element('option', { value: name, textContent: name })));
    if (!names.includes(state.run)) set({ run: names[0] });
    at('file').value = state.run;
    at('beside').value = state['play.beside'] ?? '';
    trouble(null);
  } catch (error) {
    trouble(error);
    at('waiting').textContent = '';
    if (error.status !== 401) setTimeout(begin, LATER);
    return;
  }
  await show(state.run);
  beside(state['play.beside']).catch(trouble);
}

onChange((changes) => {
  if ('theme' in changes) applyTheme(state.theme);
  if ('play.beside' in changes) beside(state['play.beside']).catch(trouble);
  if (!page.file) return;
  if (state.run !== page.file.name) {
    at('file').value = state.run;
    show(state.run).catch(trouble);
    return;
  }
  if ('play.large' in changes) arrange();
  if ('at' in changes && state.at !== null && !head.playing && Math.abs(state.at * 1e6 - head.at) > 1) head.go(state.at * 1e6);
  page.drawSoon();
});

// --- the hand and the keys --------------------------------------------------------------------------------------------

const toggleTheme = () => set({ theme: theme() === 'dark' ? 'light' : 'dark' });
const ready = (act) => () => { if (panels) act(); };
const large = Object.fromEntries(Object.keys(PICTURES).map((name, i) => [String(i + 1), ready(() => set({ 'play.large': name }))]));
keyboard({
  ...large,
  ' ': ready(head.toggle),
  ArrowLeft: ready(() => page.step(-1)),
  ArrowRight: ready(() => page.step(1)),
  'Shift+ArrowLeft': ready(() => page.step(-0.1)),
  'Shift+ArrowRight': ready(() => page.step(0.1)),
  Home: ready(() => page.jump(1)),
  End: ready(() => page.jump(Infinity)),
  ',': ready(() => controls.nudge('speed', -1)),
  '.': ready(() => controls.nudge('speed', 1)),
  '[': ready(() => controls.nudge('window', -1)),
  ']': ready(() => controls.nudge('window', 1)),
  '+': ready(() => course.zoom(-1)),
  '=': ready(() => course.zoom(-1)),
  '-': ready(() => course.zoom(1)),
  0: ready(() => set({ t0: null, t1: null })),
  l: ready(() => set({ 'play.loop': state['play.loop'] ? null : 'on' })),
  t: toggleTheme,
  '?': () => at('keys').showModal(),
});
at('theme').addEventListener('click', toggleTheme);
at('help').addEventListener('click', () => at('keys').showModal());
at('file').addEventListener('change', () => {
  page.file ??= { name: null };
  set({ run: at('file').value, t0: null, t1: null, at: null });
});
at('beside').addEventListener('change', () => set({ 'play.beside': at('beside').value || null }));
[at('table'), at('keys')].forEach(closable);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  applyTheme(state.theme);
  page.drawSoon();
});
addEventListener('resize', () => page.drawSoon());

begin();
