// Export: a panel or the whole tab as PNG or SVG, the data behind a panel, and the run as a page that needs no server.

import { png, svg } from './pictures.js';
import { save } from './saving.js';
import { canReport, text } from './server.js';
import { element } from './surface.js';

/**
 * Fill `dialog` with what can be exported now, each time `button` opens it. `shown()` gives the {root, panels} of the tab;
 * `trouble` is told what fails.
 */
export function exporting(dialog, button, page, shown, trouble) {
  const list = dialog.querySelector('tbody');
  const named = (what, ending) => `${page.state.run}-${what}.${ending}`;

  /** The dialog would stand in the picture: close it first. */
  const act = (name, make) => {
    const item = element('button', { textContent: name });
    item.addEventListener('click', async () => {
      dialog.close();
      try {
        await make();
      } catch (error) {
        trouble(error);
      }
    });
    return item;
  };

  function row(title, what, root, draw, more = []) {
    const buttons = [
      act('PNG', async () => save(named(what, 'png'), await png(root))),
      act('SVG', () => save(named(what, 'svg'), svg(root, draw))),
      ...more,
    ];
    return element('tr', {}, element('th', { textContent: title, scope: 'row' }), element('td', {}, ...buttons));
  }

  async function data(panel) {
    const answer = await text(page.state.token, page.state.run, panel.view, panel.parameters() ?? {});
    save(named(panel.view, 'json'), new Blob([answer], { type: 'application/json' }));
  }

  async function report() {
    const { run, token, at, unit, layer, projection } = page.state;
    const told = JSON.parse(await text(token, run, 'report', { at, unit, layer, projection }));
    save(`${run}.html`, new Blob([told.html], { type: 'text/html' }));
  }

  button.addEventListener('click', () => {
    const { root, panels } = shown();
    const asked = panels.filter((panel) => panel.view);
    list.replaceChildren(
      row('This tab', root.dataset.tab, root, () => panels.forEach((panel) => panel.draw())),
      ...asked.map((panel) => row(panel.title, panel.view, panel.host, () => panel.draw(), panel.parameters?.() ? [act('Data (JSON)', () => data(panel))] : [])),
      ...(canReport ? [element('tr', {}, element('th', { textContent: 'The run, as one page', scope: 'row' }), element('td', {}, act('Report (HTML)', report)))] : []),
    );
    dialog.showModal();
  });
}
