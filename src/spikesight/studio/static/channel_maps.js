// Pictures of the channels of a population, with what a point in them is.

import { ink, picture, strength, theme } from './colour.js';
import { mosaic } from './mosaic.js';

const CAPTION = 14;

/**
 * Pictures in `host` of `given()`: {values, levels}, values (channels, height, width). `tell(words)` is called with where the
 * pointer is, null for nowhere; `read(value)` writes one value. A click chooses the unit.
 */
export function channelMaps(host, page, given, layer, tell, read) {
  let sheet = { key: null, from: null, image: null };

  function image() {
    const now = given();
    if (sheet.key !== theme() || sheet.from !== now.levels) {
      const [channels, rows, columns] = now.values.shape;
      sheet = { key: theme(), from: now.levels, image: picture(now.levels, columns, rows * channels, strength()) };
    }
    return sheet.image;
  }

  const unitAt = (channel, { x, y }) => (channel * given().values.shape[1] + y) * given().values.shape[2] + x;
  const of = (unit) => {
    const [channels, rows, columns] = given().values.shape;
    return unit === null || unit >= channels * rows * columns ? null : { channel: Math.floor(unit / rows / columns), y: Math.floor(unit / columns) % rows, x: unit % columns };
  };

  /** Where the chosen unit is, null where none of this population is chosen. */
  const chosen = () => (page.layer() === layer() ? of(page.state.unit) : null);

  function words(unit) {
    const { channel, x, y } = of(unit);
    return `${layer()} ${unit}: channel ${channel}, x ${x}, y ${y}: ${read(given().values[unit])}`;
  }

  /** Frame the chosen unit inside its channel. */
  function mark(context, channel, { left, top, wide, high }) {
    const [, rows, columns] = given().values.shape;
    context.strokeStyle = ink('line-strong');
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, wide - 1, high - 1);
    const one = chosen();
    if (one?.channel === channel) {
      context.strokeStyle = ink('wrong');
      context.lineWidth = 2;
      context.strokeRect(left + (one.x / columns) * wide - 1, top + (one.y / rows) * high - 1, wide / columns + 2, high / rows + 2);
    }
    context.font = `10px ${ink('font')}`;
    context.textBaseline = 'top';
    context.fillStyle = ink('soft');
    if (given().values.shape[0] > 1) context.fillText(wide > 70 ? `channel ${channel}` : String(channel), left, top + high + 2);
  }

  /** The unit that an arrow key or a click on `channel` means: the point, else the same place in another channel. */
  function choose(channel, point) {
    const unit = unitAt(channel, point ?? chosen() ?? { x: 0, y: 0 });
    page.set({ layer: layer(), unit: point && unit === page.state.unit ? null : unit });
  }

  return mosaic(host, {
    shown: () => given() && { sheet: image(), count: given().values.shape[0], columns: given().values.shape[2], rows: given().values.shape[1], from: (place) => place },
    tall: () => Math.max(220, innerHeight * 0.42),
    gap: 6,
    below: CAPTION,
    mark,
    choose,
    over: (channel, point) => tell(channel === null ? null : words(unitAt(channel, point))),
    chosen: () => chosen()?.channel ?? -1,
    framed: false,
    most: 320,
  });
}
