// Talking to the server: the token as a header, arrays in the binary layout, and only the latest answer counts.

const VIEWS = {
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
};

async function get(path, token, signal) {
  const response = await fetch(path, { headers: { 'x-spikesight-token': token }, signal, cache: 'no-store' });
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw Object.assign(new Error(told.error ?? `the server answered ${response.status}`), { status: response.status });
}

/** The runs that this studio shows. */
export async function runs(token) {
  return (await (await get('/api/runs.json', token)).json()).runs;
}

/** The tabs of the page and the views on them. */
export const views = async (token) => (await get('/api/views.json', token)).json();

/** One answer of one view, its arrays as typed arrays with a `shape`. */
export async function ask(token, run, view, parameters, signal) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined);
  const path = `/api/${encodeURIComponent(run)}/${view}.bin?${new URLSearchParams(given)}`;
  return decode(await (await get(path, token, signal)).arrayBuffer());
}

function decode(buffer) {
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
