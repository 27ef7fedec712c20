// Where a population was active, by the intervals of its spikes, with a control that shows what chance looks like.

import { choice, layerChooser } from '../chooser.js';
import { ink, picture, strength } from '../colour.js';
import { card, count, element, surface } from '../surface.js';
import { span } from '../time.js';

const WAYS = [
  ['others', 'other units', 'The control: the trains of spikes, given to other units of the population'],
  ['elsewhen', 'other times', 'The control: the spikes of every unit, at other times'],
];
const ALIKE = 0.7; // rank correlation from which on map and control are called alike

export function mount(host, page) {
  const frame = card(host, 'Spike activation map', openTable);
  const tellLayer = layerChooser(page, 'input');
  const ways = choice(page, 'activation.control', 'Control', WAYS);
  frame.tools.prepend(ways.group);
  const titles = [element('figcaption', { className: 'note' }), element('figcaption', { className: 'note' })];
  const holders = titles.map(() => element('div', { className: 'picture' }));
  const plots = holders.map((holder) => surface(holder, () => draw()));
  const verdict = element('p', { className: 'verdict' });
  const note = element('p', { className: 'note' });
  const strip = element('div', { className: 'filmstrip' });
  const film = surface(strip, () => draw());
  const figures = holders.map((holder, i) => element('figure', {}, holder, titles[i]));
  frame.body.append(element('div', { className: 'maps-beside' }, ...figures, element('div', {}, verdict, note)), strip, element('p', { className: 'note', textContent: 'In equal parts of the stimulus.' }));
  let answer = null;

  function fit({ context, width, height }, levels, left, top, wide, tall) {
    const [rows, columns] = levels.shape.slice(-2);
    const scale = Math.min((wide ?? width) / columns, (tall ?? height) / rows);
    context.drawImage(picture(levels, columns, rows, strength()), (left ?? 0) + ((wide ?? width) - columns * scale) / 2, (top ?? 0) + ((tall ?? height) - rows * scale) / 2, columns * scale, rows * scale);
  }

  function drawFilm() {
    const place = film.begin();
    const { context, width, height } = place;
    const [parts, rows, columns] = answer.parts.shape;
    const wide = Math.min(height * (columns / rows), width / parts - 4);
    const long = answer.t_end - answer.t_start;
    const now = Math.floor(((page.moment() - answer.t_start) / long) * parts);
    for (let i = 0; i < parts; i += 1) {
      const left = i * (width / parts);
      const part = answer.parts.subarray(i * rows * columns, (i + 1) * rows * columns);
      part.shape = [rows, columns];
      fit(place, part, left, 0, wide, height - 14);
      context.font = `10px ${ink('font')}`;
      context.fillStyle = ink('soft');
      context.textBaseline = 'bottom';
      context.fillText(span((i * long) / parts), left, height);
      if (i !== now || !page.cursorShown()) continue;
      context.strokeStyle = ink('accent');
      context.lineWidth = 1.5;
      context.strokeRect(left + 0.75, 0.75, wide - 1.5, height - 15.5);
    }
  }

  function draw() {
    tellLayer();
    ways.tell();
    if (!answer?.map) return;
    fit(plots[0].begin(), answer.map);
    fit(plots[1].begin(), answer.control);
    drawFilm();
  }

  const like = (kind) => (answer.like[kind] === null ? 'not defined' : answer.like[kind].toFixed(2));

  function tell() {
    const words = WAYS.find(([name]) => name === answer.control_is)[1];
    frame.note.textContent = `${answer.layer}, stimulus ${count(answer.stim)}`;
    titles[0].textContent = 'map';
    titles[1].textContent = `control: ${words}`;
    const now = answer.like[answer.control_is];
    verdict.textContent = now === null ? 'Nothing to compare: a picture is the same everywhere.' : now >= ALIKE ? 'The control looks alike: the map tells nothing that it does not.' : 'The map differs from this control.';
    note.textContent = `Rank correlation with ${answer.controls} controls: other units ${like('others')}, other times ${like('elsewhen')}. Near 1, a map explains nothing. It shows where activity was, not what for.`;
    plots[0].describe(`Spike activation map of ${answer.layer} for stimulus ${answer.stim}; ${note.textContent}`);
    plots[1].describe(`Its control, ${words}`);
    film.describe(`The map in ${answer.parts.shape[0]} equal parts of the stimulus`);
  }

  function openTable() {
    if (!answer?.map) return page.openTable('Spike activation map', answer?.empty ?? '', [], []);
    const [, columns] = answer.map.shape;
    const value = (level) => ((level / 255) * answer.top).toPrecision(3);
    const rows = Array.from(answer.map, (level, i) => [Math.floor(i / columns), i % columns, value(level), value(answer.control[i])]);
    return page.openTable('Spike activation map', note.textContent, ['row', 'column', 'map', 'control'], rows);
  }

  return {
    parameters: () => ({ at: page.cursor(), layer: page.layer(), control: page.state['activation.control'] }),
    take(given) {
      answer = given;
      frame.empty(given.empty);
      if (!given.empty) tell();
    },
    draw,
  };
}
