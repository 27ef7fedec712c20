// What each map looks for, drawn in the input: the weights of all layers below it, at the cursor.

import { choice } from '../chooser.js';
import { change, classColour, ink, picture, strength, theme } from '../colour.js';
import { brief } from '../lane.js';
import { mosaic } from '../mosaic.js';
import { card, count } from '../surface.js';
import { clock } from '../time.js';

const STRIPE = 4;

export function mount(host, page) {
  const frame = card(host, 'Features in the input', openTable);
  const planes = choice(page, 'features.planes', 'How the maps of the input become one picture', [
    ['difference', 'ON − OFF', 'Cells that see what is brighter less those that see what is darker'],
    ['sum', 'all', 'All maps of the input together'],
  ]);
  frame.tools.prepend(planes.group);
  let answer = null;
  let sheet = { key: null, image: null };

  const fieldOf = (unit) => (unit === null || page.layer() !== answer.layer ? -1 : Math.floor(unit / answer.each));
  const tiles = mosaic(frame.body, {
    shown: () => answer?.levels && { sheet: image(), count: answer.levels.shape[0], columns: answer.levels.shape[2], rows: answer.levels.shape[1], from: (place) => place },
    tall: () => Math.max(260, innerHeight * 0.5),
    below: STRIPE + 1,
    most: 130,
    chosen: () => fieldOf(page.state.unit),
    choose: (place, point) => page.set({ layer: answer.layer, unit: point && place === fieldOf(page.state.unit) ? null : place * answer.each + answer.middle }),
    over: (place, point) => note(place, point),
    mark(context, place, { left, top, wide, high }) {
      context.strokeStyle = ink('line');
      context.lineWidth = 1;
      context.strokeRect(left + 0.5, top + 0.5, wide - 1, high - 1);
      context.fillStyle = classColour(answer.class_of_map[place]);
      context.fillRect(left, top + high + 1, wide, STRIPE - 1);
    },
  });

  function image() {
    if (sheet.key === theme()) return sheet.image;
    const [maps, rows, columns] = answer.levels.shape;
    sheet = { key: theme(), image: picture(answer.levels, columns, rows * maps, answer.signed ? change() : strength()) };
    return sheet.image;
  }

  const strengthOf = (level) => (answer.signed ? ((level - 128) / 127) * answer.top : (level / 255) * answer.top);

  function note(map, point) {
    if (!answer?.levels) return;
    const [maps, rows, columns] = answer.levels.shape;
    if (map !== null && map !== undefined && point) {
      frame.say(`${answer.layer} map ${map}, class ${page.className(answer.class_of_map[map])}, x ${point.x}, y ${point.y}: ${brief(strengthOf(answer.levels[(map * rows + point.y) * columns + point.x]))}`, true);
      return;
    }
    const some = maps < answer.maps ? `the first ${count(maps)} of ${count(answer.maps)}` : count(maps);
    frame.say(`${some} maps of ${answer.layer}, ${rows} × ${columns} points of ${answer.inside}, through ${answer.through.join(', ')}${answer.together ? ', added up' : ''}, at ${clock(answer.t, true)}`);
  }

  function draw() {
    planes.tell();
    if (!answer?.levels) return;
    tiles.draw();
    tiles.plot.describe(`What ${answer.levels.shape[0]} maps of ${answer.layer} look for, drawn in ${answer.inside}, at ${clock(answer.t)}; click one to choose the unit in its middle`);
  }

  function openTable() {
    if (!answer?.levels) return page.openTable('Features in the input', answer?.empty ?? '', [], []);
    const [maps, rows, columns] = answer.levels.shape;
    const lines = Array.from({ length: maps }, (_, map) => {
      const own = answer.levels.subarray(map * rows * columns, (map + 1) * rows * columns);
      return [map, page.className(answer.class_of_map[map]), brief(strengthOf(Math.max(...own))), brief(strengthOf(Math.min(...own)))];
    });
    return page.openTable('Features in the input', frame.note.textContent, ['map', 'class', 'strongest', 'least'], lines);
  }

  return {
    parameters: () => ({ layer: page.state.layer, at: page.cursor(), planes: page.state['features.planes'] ?? null }),
    take(given) {
      answer = given;
      sheet = { key: null, image: null };
      frame.empty(answer.empty);
      planes.group.hidden = Boolean(answer.empty) || !answer.pairs;
      note(null);
    },
    draw,
  };
}
