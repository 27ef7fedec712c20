// What a canvas context does, written down as SVG: as much of it as the panels use.

const NS = 'http://www.w3.org/2000/svg';
const ANCHOR = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' };
const BASELINE = { top: 'hanging', middle: 'central', bottom: 'text-after-edge', alphabetic: 'alphabetic', hanging: 'hanging' };
const KEPT = ['fillStyle', 'strokeStyle', 'lineWidth', 'globalAlpha', 'font', 'textAlign', 'textBaseline', 'lineJoin', 'lineCap'];
const ruler = document.createElement('canvas').getContext('2d');
let clips = 0;

const number = (value) => String(Math.round(value * 100) / 100);

/** The parts of a font as attributes: the security policy of the page forbids styles in attributes. */
function fontOf(font) {
  const [, weight = '400', size, family] = /^(?:(\d+|bold|normal)\s+)?([\d.]+px)(?:\/\S+)?\s+(.*)$/.exec(font) ?? [null, '400', '10px', 'sans-serif'];
  return { 'font-weight': weight, 'font-size': size, 'font-family': family };
}

export class SvgContext {
  /** Draw into the SVG element `root`. */
  constructor(root) {
    Object.assign(this, { fillStyle: '#000', strokeStyle: '#000', lineWidth: 1, globalAlpha: 1, font: '10px sans-serif', textAlign: 'left', textBaseline: 'alphabetic', lineJoin: 'miter', lineCap: 'butt', imageSmoothingEnabled: true });
    this.root = root;
    this.group = root;
    this.dash = [];
    this.matrix = new DOMMatrix();
    this.stack = [];
    this.path = '';
  }

  save() {
    this.stack.push({ ...Object.fromEntries(KEPT.map((name) => [name, this[name]])), group: this.group, dash: this.dash, matrix: DOMMatrix.fromMatrix(this.matrix) });
  }

  restore() {
    if (this.stack.length) Object.assign(this, this.stack.pop());
  }

  /** The scale of the screen means nothing here. */
  setTransform() { this.matrix = new DOMMatrix(); }

  translate(x, y) { this.matrix.translateSelf(x, y); }

  scale(x, y) { this.matrix.scaleSelf(x, y); }

  rotate(angle) { this.matrix.rotateSelf((angle * 180) / Math.PI); }

  setLineDash(dash) { this.dash = dash; }

  clearRect() {}

  measureText(text) {
    ruler.font = this.font;
    return ruler.measureText(text);
  }

  beginPath() { this.path = ''; }

  #to(kind, ...points) {
    const moved = [];
    for (let i = 0; i < points.length; i += 2) {
      const { x, y } = this.matrix.transformPoint({ x: points[i], y: points[i + 1] });
      moved.push(number(x), number(y));
    }
    this.path += `${kind}${moved.join(' ')}`;
  }

  moveTo(x, y) { this.#to('M', x, y); }

  // As in a canvas, a line without a beginning begins where it goes.
  lineTo(x, y) { this.#to(this.path ? 'L' : 'M', x, y); }

  quadraticCurveTo(...points) { this.#to('Q', ...points); }

  bezierCurveTo(...points) { this.#to('C', ...points); }

  closePath() { this.path += 'Z'; }

  rect(x, y, width, height) {
    this.moveTo(x, y);
    for (const [a, b] of [[x + width, y], [x + width, y + height], [x, y + height]]) this.lineTo(a, b);
    this.closePath();
  }

  roundRect(x, y, width, height) { this.rect(x, y, width, height); }

  arc(x, y, radius, from, to, back = false) { this.ellipse(x, y, radius, radius, 0, from, to, back); }

  ellipse(x, y, wide, tall, turned, from, to, back = false) {
    const sweep = back ? from - to : to - from;
    const pieces = Math.max(2, Math.ceil(Math.abs(sweep) / 0.2));
    for (let i = 0; i <= pieces; i += 1) {
      const angle = from + ((to - from) * i) / pieces;
      const [a, b] = [wide * Math.cos(angle), tall * Math.sin(angle)];
      this.lineTo(x + a * Math.cos(turned) - b * Math.sin(turned), y + a * Math.sin(turned) + b * Math.cos(turned));
    }
  }

  #add(tag, attributes) {
    const made = this.root.ownerDocument.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (this.globalAlpha < 1) made.setAttribute('opacity', number(this.globalAlpha));
    this.group.append(made);
    return made;
  }

  #stroke() {
    const dashed = this.dash.length ? { 'stroke-dasharray': this.dash.join(' ') } : {};
    return { fill: 'none', stroke: this.strokeStyle, 'stroke-width': this.lineWidth, 'stroke-linejoin': this.lineJoin, 'stroke-linecap': this.lineCap, ...dashed };
  }

  fill() { if (this.path) this.#add('path', { d: this.path, fill: this.fillStyle }); }

  stroke() { if (this.path) this.#add('path', { d: this.path, ...this.#stroke() }); }

  fillRect(...box) { this.#box(box, () => this.fill()); }

  strokeRect(...box) { this.#box(box, () => this.stroke()); }

  #box(box, paint) {
    const before = this.path;
    this.path = '';
    this.rect(...box);
    paint();
    this.path = before;
  }

  clip() {
    clips += 1;
    const shape = this.#add('clipPath', { id: `clip-${clips}` });
    const inside = this.root.ownerDocument.createElementNS(NS, 'path');
    inside.setAttribute('d', this.path);
    shape.append(inside);
    const group = this.#add('g', { 'clip-path': `url(#clip-${clips})` });
    group.removeAttribute('opacity');
    this.group = group;
  }

  #text(text, x, y, paint) {
    const { a, b, c, d, e, f } = this.matrix;
    const made = this.#add('text', { x: number(x), y: number(y), ...fontOf(this.font), 'text-anchor': ANCHOR[this.textAlign] ?? 'start', 'dominant-baseline': BASELINE[this.textBaseline] ?? 'alphabetic', transform: `matrix(${[a, b, c, d, e, f].map(number).join(' ')})`, ...paint });
    made.textContent = text;
  }

  fillText(text, x, y) { this.#text(text, x, y, { fill: this.fillStyle }); }

  strokeText(text, x, y) { this.#text(text, x, y, this.#stroke()); }

  /** A picture, or a part of one: pixels stay pixels. */
  drawImage(image, ...box) {
    const part = box.length === 8 ? box.slice(0, 4) : [0, 0, image.width, image.height];
    const [x, y, width = part[2], height = part[3]] = box.length === 8 ? box.slice(4) : box;
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [Math.max(1, Math.round(part[2])), Math.max(1, Math.round(part[3]))];
    copy.getContext('2d').drawImage(image, ...part, 0, 0, copy.width, copy.height);
    const { a, b, c, d, e, f } = this.matrix;
    this.#add('image', { x: number(x), y: number(y), width: number(width), height: number(height), preserveAspectRatio: 'none', 'image-rendering': this.imageSmoothingEnabled ? 'auto' : 'pixelated', transform: `matrix(${[a, b, c, d, e, f].map(number).join(' ')})`, href: copy.toDataURL() });
  }
}
