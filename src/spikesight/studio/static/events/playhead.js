// The cursor, and how it walks: at a speed, to the end of the recording, and perhaps from its beginning again.

/** `moved()` is called whenever the cursor has moved, `rested()` when it has stopped. */
export function playhead(moved, rested) {
  let before = null;
  const head = {
    at: 1,
    duration: 1,
    playing: false,
    speed: 1,
    loop: false,
    go(at) {
      head.at = Math.min(head.duration, Math.max(1, at));
      moved();
    },
    toggle() {
      if (head.playing) return head.pause();
      if (head.at >= head.duration) head.at = 1;
      head.playing = true;
      before = null;
      requestAnimationFrame(step);
      return moved();
    },
    pause() {
      head.playing = false;
      rested();
      moved();
    },
  };

  function step(now) {
    if (!head.playing) return;
    // A page that was hidden for a while does not jump.
    const passed = before === null ? 0 : Math.min(100, now - before);
    before = now;
    let at = head.at + passed * 1000 * head.speed;
    if (at >= head.duration) {
      if (!head.loop) {
        head.at = head.duration;
        head.pause();
        return;
      }
      at = 1;
    }
    head.at = at;
    moved();
    requestAnimationFrame(step);
  }

  return head;
}
