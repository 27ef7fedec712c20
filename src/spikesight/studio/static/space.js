// A small projection of three dimensions onto a canvas, without perspective: parallel lines stay parallel.

/**
 * `turn` degrees around the upright axis, then seen from `tilt` degrees above the floor. The box -1..1 by -1..1 by 0..1 fits
 * `width` x `height`; `point(u, c, z)` gives [x, y] in pixels, `near(u, c)` how near to the eye a place of the floor is.
 */
export function projection(turn, tilt, width, height, wide = 1.6, tall = 0.9) {
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  const [above, beside] = [Math.sin((tilt * Math.PI) / 180), Math.cos((tilt * Math.PI) / 180)];
  const near = (u, c) => u * wide * sin + c * cos;
  const flat = (u, c, z) => [u * wide * cos - c * sin, near(u, c) * above - z * tall * beside];
  const corners = [-1, 1].flatMap((u) => [-1, 1].flatMap((c) => [0, 1].map((z) => flat(u, c, z))));
  const [left, right] = [Math.min(...corners.map(([x]) => x)), Math.max(...corners.map(([x]) => x))];
  const [top, bottom] = [Math.min(...corners.map(([, y]) => y)), Math.max(...corners.map(([, y]) => y))];
  const scale = Math.min(width / (right - left), height / (bottom - top));
  return {
    near,
    point(u, c, z) {
      const [x, y] = flat(u, c, z);
      return [width / 2 + (x - (left + right) / 2) * scale, height / 2 + (y - (top + bottom) / 2) * scale];
    },
  };
}

/** Drag and arrow keys turn what `canvas` shows: `turned(degrees, tilt)` is called with what to add; a click is `picked`. */
export function turning(canvas, turned, picked) {
  let press = null;
  canvas.tabIndex = 0;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    press = { x: event.clientX, y: event.clientY, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!press) return;
    const [x, y] = [event.clientX - press.x, event.clientY - press.y];
    if (!press.moved && Math.hypot(x, y) < 4) return;
    press = { x: event.clientX, y: event.clientY, moved: true };
    turned(-x * 0.4, y * 0.4);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (press && !press.moved) picked(event.offsetX, event.offsetY);
    press = null;
  });
  canvas.addEventListener('pointercancel', () => { press = null; });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [5, 0], ArrowRight: [-5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    turned(...step);
  });
}
