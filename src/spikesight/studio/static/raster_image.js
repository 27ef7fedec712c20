// Counts of spikes as pictures: how many there are, or how they change against the mean of their row.

import { change, picture, strength } from './colour.js';

const BRIGHT = 0.995; // share of the filled cells that are not at full strength
const CONTRAST = 0.85; // power of the count: below 1 lets single spikes show beside bursts

/** Counts per unit: where rows hold 3 and 4 units in turn, bare counts would draw stripes that are not there. */
function perUnit(counts, unitsInRow) {
  const columns = counts.length / unitsInRow.length;
  return Float32Array.from(counts, (value, i) => value / unitsInRow[Math.floor(i / columns)]);
}

/** Densities as bytes of strength; the brightest half per cent shares the top. */
function strengths(densities) {
  const filled = densities.filter((value) => value > 0).sort();
  const top = filled.length ? filled[Math.min(filled.length - 1, Math.floor(filled.length * BRIGHT))] : 1;
  return Uint8Array.from(densities, (value) => 255 * Math.min(1, value / top) ** CONTRAST);
}

/** Densities as bytes of change against the mean of their row: 128 is the mean, one step of 32 a standard deviation. */
function changes(densities, rows, columns) {
  const levels = new Uint8Array(densities.length);
  for (let row = 0; row < rows; row += 1) {
    const line = densities.subarray(row * columns, (row + 1) * columns);
    const mean = line.reduce((a, b) => a + b, 0) / columns;
    const spread = Math.sqrt(line.reduce((a, b) => a + (b - mean) ** 2, 0) / columns) || 1;
    for (let i = 0; i < columns; i += 1) {
      levels[row * columns + i] = Math.min(255, Math.max(0, 128 + (32 * (line[i] - mean)) / spread));
    }
  }
  return levels;
}

/** The picture of `counts` ({shape} rows x columns) whose rows hold `unitsInRow` units; `changed`: against the mean. */
export function densityPicture(counts, unitsInRow, changed) {
  const [rows, columns] = counts.shape;
  const densities = perUnit(counts, unitsInRow);
  const levels = changed ? changes(densities, rows, columns) : strengths(densities);
  return picture(levels, columns, rows, changed ? change() : strength());
}

/** The colour of no spikes, or of no change. */
export function background(changed) {
  const [table, level] = changed ? [change(), 128] : [strength(), 0];
  return `rgb(${table.slice(level * 3, level * 3 + 3).join(' ')})`;
}
