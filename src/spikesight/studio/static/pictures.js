// A part of the page as a picture: canvases as they are drawn, and around them the words and boxes of the page.

import { redirected } from './surface.js';
import { SvgContext } from './svg_context.js';

const NS = 'http://www.w3.org/2000/svg';
const SCALE = 2; // pixels of a PNG for one of the page
const EDGE = 8;

const isSeen = (node) => node.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true;
const isClear = (colour) => colour === 'transparent' || /^rgba\(.*, 0\)$|\/ 0\)$/.test(colour);

/** Whether a list that scrolls shows `node` now: what is above or below would lie over other things. */
function isShown(node, box) {
  const list = node.parentElement?.closest('.listed, .scroll, .multiples');
  if (!list) return true;
  const { top, bottom } = list.getBoundingClientRect();
  return box.top >= top - 1 && box.bottom <= bottom + 1;
}

/** Paint the boxes and words of `root`, without those inside `but`, on `context`; `left`, `top` is where it lies on the page. */
function paintPage(context, root, left, top, but = '.table-button, .cursor') {
  for (const node of [root, ...root.querySelectorAll('*')]) {
    if (!isSeen(node) || node.closest(but)) continue;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (!isShown(node, box)) continue;
    if (!isClear(style.backgroundColor)) {
      context.fillStyle = style.backgroundColor;
      context.fillRect(box.left - left, box.top - top, box.width, box.height);
    }
    if (parseFloat(style.borderBottomWidth) > 0 && !isClear(style.borderBottomColor)) {
      context.fillStyle = style.borderBottomColor;
      context.fillRect(box.left - left, box.bottom - top - 1, box.width, 1);
    }
    for (const text of node.childNodes) if (text.nodeType === Node.TEXT_NODE && text.textContent.trim()) paintWords(context, text, style, left, top);
  }
}

function paintWords(context, node, style, left, top) {
  context.fillStyle = style.color;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const range = document.createRange();
  let line = null;
  const flush = () => { if (line) context.fillText(line.text.trim(), line.left - left, line.middle - top); };
  // Word by word, so that a line that the page has broken is broken here too.
  for (const { 0: word, index } of node.textContent.matchAll(/\s*\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = [...range.getClientRects()].at(-1);
    if (!box || !box.width) continue;
    const middle = (box.top + box.bottom) / 2;
    if (line && Math.abs(line.middle - middle) < 2) line.text += word;
    else {
      flush();
      line = { text: word, left: box.left, middle };
    }
  }
  flush();
}

/** The cursor lies over the lanes. */
function paintCursor(context, root, left, top) {
  for (const cursor of root.querySelectorAll('.cursor')) paintPage(context, cursor, left, top, '.table-button');
}

function frame(root) {
  const box = root.getBoundingClientRect();
  return { left: box.left - EDGE, top: box.top - EDGE, width: box.width + 2 * EDGE, height: box.height + 2 * EDGE };
}

const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim();
const canvases = (root) => [...root.querySelectorAll('canvas')].filter((one) => isSeen(one) && isShown(one, one.getBoundingClientRect()));

/** `root` as a PNG, twice as sharp as the page. */
export function png(root) {
  const { left, top, width, height } = frame(root);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  context.fillStyle = ground();
  context.fillRect(0, 0, width, height);
  paintPage(context, root, left, top);
  for (const one of canvases(root)) {
    const box = one.getBoundingClientRect();
    context.drawImage(one, box.left - left, box.top - top, box.width, box.height);
  }
  paintCursor(context, root, left, top);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** `root` as SVG; `draw()` draws its panels again, this time as shapes. */
export function svg(root, draw) {
  const { left, top, width, height } = frame(root);
  // In a document of its own nothing is loaded: pictures inside would be against the policy of the page.
  const apart = document.implementation.createDocument(NS, 'svg');
  const sheet = apart.documentElement;
  const attributes = { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` };
  for (const [name, value] of Object.entries(attributes)) sheet.setAttribute(name, value);
  const context = new SvgContext(sheet);
  context.fillStyle = ground();
  context.fillRect(0, 0, width, height);
  paintPage(context, root, left, top);
  const contexts = new Map(canvases(root).map((one) => {
    const box = one.getBoundingClientRect();
    const group = apart.createElementNS(NS, 'g');
    group.setAttribute('transform', `translate(${box.left - left} ${box.top - top})`);
    sheet.append(group);
    return [one, new SvgContext(group)];
  }));
  redirected(contexts, draw);
  // A small picture that no panel draws again is taken as it is.
  for (const [one, { root: group }] of contexts) {
    if (!group.hasChildNodes() && one.width && one.height) contexts.get(one).drawImage(one, 0, 0, one.clientWidth, one.clientHeight);
  }
  paintCursor(context, root, left, top);
  return new Blob([new XMLSerializer().serializeToString(sheet)], { type: 'image/svg+xml' });
}
