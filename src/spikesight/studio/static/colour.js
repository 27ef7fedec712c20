// Colours computed here: one sequential map per theme, even in lightness, and ten hues for classes. All in OKLCH.

function linearToByte(value) {
  const clipped = Math.min(1, Math.max(0, value));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

function labToRgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    linearToByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    linearToByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    linearToByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const lab = ([L, chroma, hue]) => {
  const angle = (hue * Math.PI) / 180;
  return [L, chroma * Math.cos(angle), chroma * Math.sin(angle)];
};

/** 256 colours through `anchors` [lightness, chroma, hue], at equal distances, as a Uint8Array of 256 * 3 bytes. */
export function ramp(anchors) {
  const points = anchors.map(lab);
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    const place = (i / 255) * (points.length - 1);
    const left = Math.min(Math.floor(place), points.length - 2);
    const mixed = points[left].map((value, k) => value + (points[left + 1][k] - value) * (place - left));
    table.set(labToRgb(mixed), i * 3);
  }
  return table;
}

const css = (anchor) => `rgb(${labToRgb(lab(anchor)).join(' ')})`;

// Strength: from the sheet it lies on (nothing) to its opposite (most), so that silence is quiet in both themes.
const STRENGTH = {
  dark: [[0.205, 0.014, 245], [0.34, 0.06, 268], [0.5, 0.085, 252], [0.68, 0.09, 218], [0.83, 0.06, 190], [0.95, 0.025, 110]],
  light: [[0.985, 0.004, 95], [0.9, 0.035, 195], [0.76, 0.075, 208], [0.57, 0.095, 234], [0.39, 0.09, 260], [0.24, 0.06, 275]],
};

// Change: below the row's mean, at it, above it.
const CHANGE = {
  dark: [[0.72, 0.11, 235], [0.46, 0.09, 240], [0.22, 0.012, 245], [0.5, 0.1, 50], [0.8, 0.12, 70]],
  light: [[0.42, 0.11, 250], [0.7, 0.09, 235], [0.975, 0.004, 95], [0.76, 0.1, 60], [0.5, 0.13, 40]],
};

const HUES = [262, 35, 155, 330, 95, 210, 5, 125, 295, 65];

function classColours(lightnesses, chroma) {
  return HUES.map((hue, i) => css([lightnesses[i % 2], chroma, hue]));
}

const CLASSES = { dark: classColours([0.74, 0.8], 0.115), light: classColours([0.6, 0.53], 0.125) };
const LAYERS = {
  dark: [[0.78, 0.1, 235], [0.82, 0.12, 85], [0.75, 0.12, 20], [0.8, 0.11, 155], [0.75, 0.11, 310]].map(css),
  light: [[0.52, 0.12, 245], [0.57, 0.12, 70], [0.55, 0.15, 22], [0.52, 0.11, 158], [0.5, 0.13, 310]].map(css),
};
const TABLES = {
  dark: { strength: ramp(STRENGTH.dark), change: ramp(CHANGE.dark) },
  light: { strength: ramp(STRENGTH.light), change: ramp(CHANGE.light) },
};

/** 'light' or 'dark': what the page shows now. */
export const theme = () => document.documentElement.dataset.theme;

/** Show `chosen`, or what the system prefers where nothing was chosen. */
export function applyTheme(chosen) {
  const preferred = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : preferred;
}

export const strength = () => TABLES[theme()].strength;
export const change = () => TABLES[theme()].change;
export const classColour = (index) => (index < 0 ? ink('faint') : CLASSES[theme()][index % 10]);
export const layerColour = (index) => LAYERS[theme()][index % 5];

const inks = new Map();

/** A named value of the style sheet, as the page shows it now. Asking the browser every time would slow drawing. */
export function ink(name) {
  const key = `${theme()} ${name}`;
  if (!inks.has(key)) inks.set(key, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return inks.get(key);
}

/** A picture of `levels` (rows * columns bytes) through `table`, to be drawn scaled. */
export function picture(levels, columns, rows, table) {
  const canvas = new OffscreenCanvas(Math.max(1, columns), Math.max(1, rows));
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < levels.length; i += 1) {
    const from = levels[i] * 3;
    image.data[i * 4] = table[from];
    image.data[i * 4 + 1] = table[from + 1];
    image.data[i * 4 + 2] = table[from + 2];
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
