// Questions that follow a cursor: never more than one on its way, and after it the one that is wanted by then.

import { ask } from '../server.js';

/** `follow(token, file, parameters)` asks `view` as soon as it can; `took(answer, file)` is called with each answer. */
export function following(view, took, trouble) {
  let busy = false;
  let wanted = null;
  let known = null;

  async function go() {
    while (wanted && wanted.key !== known) {
      const { key, token, file, parameters } = wanted;
      busy = true;
      known = key;
      try {
        took(await ask(token, file, view, parameters), file);
      } catch (error) {
        known = null;
        wanted = null;
        trouble(error);
      }
    }
    busy = false;
  }

  return (token, file, parameters) => {
    wanted = { key: JSON.stringify([file, parameters]), token, file, parameters };
    if (!busy) go();
  };
}
