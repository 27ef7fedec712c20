// Talking to the server: the token as a header, arrays in the binary layout.

import { Latest, decode } from './asking.js';

async function get(path, token, signal) {
  const response = await fetch(path, { headers: { 'x-spikesight-token': token }, signal, cache: 'no-store' }).catch((error) => {
    throw error.name === 'AbortError' ? error : Object.assign(new Error('no answer'), { unreachable: true });
  });
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw Object.assign(new Error(told.error ?? `the server answered ${response.status}`), { status: response.status });
}

/** The runs that this studio shows. */
export async function runs(token) {
  return (await (await get('/api/runs.json', token)).json()).runs;
}

/** The files of events that this studio plays. */
export async function files(token) {
  return (await (await get('/api/files.json', token)).json()).files;
}

/** The tabs of the page and the views on them. */
export const views = async (token) => (await get('/api/views.json', token)).json();

const path = (run, view, format, parameters) => {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined);
  return `/api/${encodeURIComponent(run)}/${view}.${format}?${new URLSearchParams(given)}`;
};

/** One answer of one view as the text of a JSON document. */
export const text = async (token, run, view, parameters) => (await get(path(run, view, 'json', parameters), token)).text();

/** One answer of one view, its arrays as typed arrays with a `shape`. */
export async function ask(token, run, view, parameters, signal) {
  return decode(await (await get(path(run, view, 'bin', parameters), token, signal)).arrayBuffer());
}

/** The server makes a report of the run. */
export const canReport = true;

export { Latest };
