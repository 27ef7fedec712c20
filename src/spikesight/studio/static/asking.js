// How answers travel and how requests follow each other, whoever answers: a server, or a report.

const VIEWS = {
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
};

/** An answer in the binary layout, its arrays as typed arrays with a `shape`. */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return revive(header, buffer, 4 + length);
}

function revive(node, buffer, base) {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map((value) => revive(value, buffer, base));
  if (node.$array) {
    const { dtype, shape, offset } = node.$array;
    const array = new VIEWS[dtype](buffer, base + offset, shape.reduce((a, b) => a * b, 1));
    array.shape = shape;
    return array;
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, revive(value, buffer, base)]));
}

/**
 * Requests of one panel. A newer one aborts the older; during a gesture one is sent every `pause` milliseconds at most, so
 * that answers still arrive while the hand moves.
 */
export class Latest {
  constructor(pause = 110) {
    this.pause = pause;
    this.sentAt = -Infinity;
    this.controller = null;
    this.timer = null;
  }

  /** Run `send(signal)` soon; its promise is dropped when a newer one comes. */
  request(send) {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.sentAt + this.pause - performance.now());
    this.timer = setTimeout(() => this.#go(send), wait);
  }

  #go(send) {
    this.controller?.abort();
    this.controller = new AbortController();
    this.sentAt = performance.now();
    send(this.controller.signal);
  }
}
