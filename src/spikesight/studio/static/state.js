// What the person looks at. It lives in the URL fragment, beside the token, so that a reload or a bookmark comes back here.

const NUMBERS = ['t0', 't1', 'at', 'unit'];
const WORDS = ['token', 'run', 'tab', 'layer', 'projection', 'other', 'theme', 'show', 'sort', 'side'];
const OWN = /^[a-z_]+\.[a-z_]+$/; // what a view keeps for itself: view.name

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = {};
  for (const name of WORDS) state[name] = given.get(name);
  for (const name of NUMBERS) {
    const value = given.has(name) ? Number(given.get(name)) : null;
    state[name] = Number.isFinite(value) ? value : null;
  }
  for (const [name, value] of given) if (OWN.test(name)) state[name] = value;
  if (state.t0 === null || state.t1 === null || state.t1 <= state.t0) state.t0 = state.t1 = null;
  return state;
}

/**
 * The state, with `set(changes)` and `onChange(listener)`. Times are rounded to a microsecond. A view keeps words of its
 * own under `<view>.<name>`; null takes a word back.
 */
export function createState() {
  const state = read();
  const listeners = [];
  let writing = null;

  function write() {
    writing = null;
    const pairs = Object.entries(state).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [name, String(value)]);
    history.replaceState(null, '', `#${new URLSearchParams(pairs)}`);
  }

  function set(changes) {
    Object.assign(state, changes);
    for (const name of ['t0', 't1', 'at']) if (state[name] !== null) state[name] = Math.round(state[name] * 1e6) / 1e6;
    // Browsers allow only so many history calls a second.
    writing ??= setTimeout(write, 150);
    for (const listener of listeners) listener(changes);
  }

  // A fragment typed by hand may leave out what has not changed.
  addEventListener('hashchange', () => {
    const given = read();
    set({ ...given, token: given.token ?? state.token, run: given.run ?? state.run });
  });
  return { state, set, onChange: (listener) => listeners.push(listener) };
}
