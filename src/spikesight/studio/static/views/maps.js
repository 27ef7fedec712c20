// Activity in space: a picture a channel, of the stimulus at the cursor or of the whole window.

import { channelMaps } from '../channel_maps.js';
import { choice, layerChooser } from '../chooser.js';
import { card, count } from '../surface.js';
import { clock } from '../time.js';

export function mount(host, page) {
  const frame = card(host, 'Activity in space', openTable);
  const over = choice(page, 'maps.over', 'Spikes of what time', [['moment', 'at the cursor', 'Spikes during the stimulus at the cursor'], ['window', 'window', 'Spikes of the whole window']]);
  frame.tools.prepend(over.group);
  const tell = layerChooser(page, 'maps', () => page.state.layer ?? answer?.layer);
  let answer = null;
  let shown = null;
  const maps = channelMaps(frame.body, page, () => shown, () => answer.layer, note, (value) => `${count(value)} ${value === 1 ? 'spike' : 'spikes'}`);

  function note(words) {
    if (!answer?.counts) return;
    const some = answer.counts.shape[0] < answer.channels ? `, the first ${answer.counts.shape[0]} of ${answer.channels} channels` : '';
    const all = `${count(answer.spikes)} spikes of ${answer.layer}, ${answer.words} (${clock(answer.from, true)} to ${clock(answer.to, true)})${some}; full strength: ${count(shown.top)} ${shown.top === 1 ? 'spike' : 'spikes'} a unit`;
    frame.say(words ?? all, Boolean(words));
  }

  function draw() {
    tell();
    over.tell();
    if (!shown) return;
    maps.draw();
    maps.plot.describe(`Spikes of ${answer.layer} in ${answer.counts.shape[0]} channels of ${answer.counts.shape[2]} by ${answer.counts.shape[1]} units, ${answer.words}: ${count(answer.spikes)} spikes`);
  }

  function openTable() {
    if (!answer?.counts) return page.openTable('Activity in space', answer?.empty ?? '', [], []);
    const [channels, rows, columns] = answer.counts.shape;
    const sum = (channel) => answer.counts.subarray(channel * rows * columns, (channel + 1) * rows * columns).reduce((a, b) => a + b, 0);
    return page.openTable('Activity in space', frame.note.textContent, ['channel', 'spikes'], Array.from({ length: channels }, (_, i) => [i, count(sum(i))]));
  }

  return {
    parameters: () => ({ layer: page.state.layer, over: over.chosen(), ...(over.chosen() === 'window' ? page.windowParameters() : { at: page.cursor() }) }),
    take(given) {
      answer = given;
      shown = null;
      frame.empty(answer.empty);
      over.group.hidden = Boolean(answer.empty);
      if (answer.empty) return;
      const top = answer.counts.reduce((most, value) => Math.max(most, value), 0) || 1;
      shown = { values: answer.counts, top, levels: Uint8Array.from(answer.counts, (value) => 255 * (value / top) ** 0.8) };
      note(null);
    },
    draw,
  };
}
