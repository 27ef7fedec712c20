// The run in one line: what, how far, how good; and everything else that run.json knows, on demand.

import { count, element, percent } from '../surface.js';
import { span } from '../time.js';

function fact(name, value, title = '') {
  return element('div', { title }, element('dt', { textContent: name }), element('dd', { textContent: value }));
}

/** Nested facts as rows [name.of.fact, value]. */
function flat(node, path = '') {
  if (node === null || typeof node !== 'object') return [[path, node === null ? 'none' : String(node)]];
  return Object.entries(node).flatMap(([name, value]) => flat(value, path ? `${path}.${name}` : name));
}

export function mount(host, page) {
  const facts = element('dl');
  const details = element('button', { className: 'quiet', textContent: 'All facts' });
  host.replaceChildren(facts, details);
  details.addEventListener('click', () => page.openTable('All facts of the run', page.summary.folder, ['fact', 'value'], flat(page.summary.facts)));
  let told = null;

  function tell(summary) {
    const shown = [
      summary.error ? fact('Failed because', summary.error, summary.error) : null,
      fact('Recipe', summary.recipe ?? 'none'),
      fact(summary.accuracy_name, summary.accuracy === null ? '–' : percent(summary.accuracy), summary.accuracy_note),
      summary.control === null ? null : fact('Untrained control', percent(summary.control), 'The same network without learning, classes assigned in the same way'),
      fact('Stimuli', summary.stimuli === null ? '–' : count(summary.stimuli)),
      fact('Spikes', summary.spikes === null ? '–' : count(summary.spikes), (summary.layers ?? []).map((layer) => `${layer.name}: ${count(layer.spikes)}`).join('\n')),
      fact('Simulated', summary.extent ? span(summary.extent[1] - summary.extent[0]) : '–', 'Time that passed for the network'),
      summary.seconds === null ? null : fact('Took', span(summary.seconds), 'Time that passed on the clock'),
      fact('Seed', summary.seed ?? 'none'),
      summary.machine ? fact('Machine', summary.machine, summary.machine) : null,
    ];
    facts.replaceChildren(...shown.filter(Boolean));
    facts.querySelectorAll('div').forEach((one) => { one.dataset.fact = one.firstChild.textContent.toLowerCase(); });
  }

  return {
    /** The page asks for the summary by itself, again and again. */
    parameters: () => null,
    take() {},
    draw() {
      if (told === page.summary || page.summary.recipe === undefined) return;
      told = page.summary;
      tell(told);
    },
  };
}
