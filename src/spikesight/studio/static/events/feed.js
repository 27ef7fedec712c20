// Events of a file, fetched ahead of the cursor in stretches of equal length and kept for a while.

import { ask } from '../server.js';

const MOST_KEPT = 16; // stretches
const MOST_AT_ONCE = 2; // questions on their way

/** The events of `file`; `arrived()` is called when more of them are there. */
export function feed(token, file, most, arrived, trouble) {
  const kept = new Map();
  const asked = new Set();

  async function fetch(key, from, to) {
    asked.add(key);
    try {
      const answer = await ask(token, file, 'dots', { from, to, most });
      kept.set(key, answer);
      while (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
      arrived();
    } catch (error) {
      trouble(error);
    } finally {
      asked.delete(key);
    }
  }

  function stretch(long, place, duration) {
    const from = long * place;
    const key = `${long} ${place}`;
    const found = kept.get(key);
    if (found) { // it was used last now
      kept.delete(key);
      kept.set(key, found);
    } else if (from < duration && place >= 0 && !asked.has(key) && asked.size < MOST_AT_ONCE) fetch(key, from, Math.min(from + long, duration));
    return found;
  }

  return {
    /**
     * The stretches, `long` microseconds each, that hold events from `first` up to `last`, as far as they are there; `ahead`
     * fetches the one after them.
     */
    around(first, last, long, duration, ahead) {
      const found = [];
      const end = Math.max(0, Math.floor((last - 1) / long));
      for (let place = Math.max(0, Math.floor(first / long)); place <= end; place += 1) {
        const part = stretch(long, place, duration);
        if (part) found.push(part);
      }
      if (ahead) stretch(long, end + 1, duration);
      return found;
    },
    waiting: () => asked.size > 0,
  };
}

/** The numbers of the events of `part` from `first` up to `last`, microseconds of the recording. */
export function within(part, first, last) {
  const search = (time) => {
    let [low, high] = [0, part.t.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (part.t[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [search(first - part.from), search(last - part.from)];
}
