// Areas in a rectangle, each as near to a square as can be.

/** The worst ratio of sides when `row` (areas) is laid along a side `length` long. */
function worst(row, length) {
  const sum = row.reduce((a, b) => a + b, 0);
  return Math.max((length ** 2 * Math.max(...row)) / sum ** 2, sum ** 2 / (length ** 2 * Math.min(...row)));
}

/**
 * Rectangles {left, top, width, height} for `values` > 0, largest first, that fill a box `width` x `height`.
 * Source: Bruls, Huizing, van Wijk, Squarified treemaps, 2000.
 */
export function squarify(values, width, height) {
  const total = values.reduce((a, b) => a + b, 0);
  const areas = values.map((value) => (value / total) * width * height);
  const boxes = [];
  let [left, top, wide, tall, place] = [0, 0, width, height, 0];
  while (place < areas.length) {
    const side = Math.min(wide, tall);
    const row = [areas[place]];
    while (place + row.length < areas.length && worst([...row, areas[place + row.length]], side) <= worst(row, side)) row.push(areas[place + row.length]);
    const sum = row.reduce((a, b) => a + b, 0);
    const deep = sum / side;
    let along = 0;
    for (const area of row) {
      const long = area / deep;
      boxes.push(wide <= tall ? { left: left + along, top, width: long, height: deep } : { left, top: top + along, width: deep, height: long });
      along += long;
    }
    if (wide <= tall) [top, tall] = [top + deep, tall - deep];
    else [left, wide] = [left + deep, wide - deep];
    place += row.length;
  }
  return boxes;
}
