// The hand: wheel zooms at the pointer, drag moves, click pins the cursor, double click shows the whole run.

const WHEEL_SPEED = 0.0018;
const STILL = 4; // pixels that a pressed pointer may move and still be a click
const LINE = 16; // pixels of a wheel step given in lines

/**
 * Listen on `lanes`. `place(event)` gives {fraction, inside} of the drawing area; `view` has zoom(factor, fraction),
 * move(fractions), pin(fraction), hover(fraction or null) and whole().
 */
export function gestures(lanes, place, view) {
  let press = null;

  lanes.addEventListener('wheel', (event) => {
    const { fraction, inside } = place(event);
    if (!inside) return; // beside the drawing the wheel scrolls
    const unit = event.deltaMode === 1 ? LINE : 1;
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.move((sideways * unit) / lanes.clientWidth);
    else view.zoom(Math.exp(event.deltaY * unit * WHEEL_SPEED), Math.min(1, Math.max(0, fraction)));
  }, { passive: false });

  lanes.addEventListener('pointerdown', (event) => {
    const { fraction, inside } = place(event);
    if (event.button !== 0 || !inside || event.target.closest('button')) return;
    press = { x: event.clientX, fraction, moved: false };
    lanes.setPointerCapture(event.pointerId);
  });

  lanes.addEventListener('pointermove', (event) => {
    const { fraction, inside } = place(event);
    if (!press) {
      view.hover(inside ? fraction : null, event);
      return;
    }
    press.moved ||= Math.abs(event.clientX - press.x) > STILL;
    if (!press.moved) return;
    lanes.classList.add('held');
    view.move(press.fraction - fraction);
    press.fraction = fraction;
  });

  const release = (event) => {
    if (press && !press.moved && event.type === 'pointerup') view.pin(place(event).fraction);
    press = null;
    lanes.classList.remove('held');
  };
  lanes.addEventListener('pointerup', release);
  lanes.addEventListener('pointercancel', release);
  lanes.addEventListener('pointerleave', () => view.hover(null));
  lanes.addEventListener('dblclick', (event) => {
    if (place(event).inside) view.whole();
  });
}

/** Keys that work wherever no field has the focus. `keys` maps a key, with 'Shift+' before it, to what it does. */
export function keyboard(keys) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest('input, select, textarea, dialog')) return;
    if (event.key === ' ' && event.target.closest('button')) return; // there it presses the button
    const act = keys[(event.shiftKey && event.key.startsWith('Arrow') ? 'Shift+' : '') + event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
