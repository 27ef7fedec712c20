// The console: a statement, its rows as a table or a chart, and examples to begin with.

import { ink, layerColour } from '../colour.js';
import { ask } from '../server.js';
import { card, count, element, label, surface } from '../surface.js';

const SHOWN = 500; // rows in the page; all of them are in the CSV

const isNumber = (type) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type);
const write = (value) => (value === null ? 'NULL' : Array.isArray(value) ? `[${value.map(write).join(', ')}]` : String(value));

export function mount(host, page) {
  const frame = card(host, 'SQL', openTable);
  const examples = element('select', { title: 'Statements to begin with' });
  examples.setAttribute('aria-label', 'Statements to begin with');
  const text = element('textarea', { rows: 4, spellcheck: false, value: page.state['sql.statement'] ?? '' });
  text.setAttribute('aria-label', 'Statement: one SELECT');
  const run = element('button', { textContent: 'Run', title: 'Run the statement (Ctrl+Enter)' });
  const form = element('button', { textContent: 'Chart', title: 'The first column against the others' });
  const told = element('span', { className: 'note' });
  const wrong = element('p', { className: 'trouble', hidden: true });
  wrong.setAttribute('role', 'alert');
  const relations = element('p', { className: 'note', textContent: 'Relations: spikes, counts, samples, stimuli, scalars, marks, weights, layers, projections. t are ticks, seconds stands beside it. Only SELECT; the trace is never changed.' });
  const table = element('table');
  const scroll = element('div', { className: 'scroll', tabIndex: 0 }, table);
  const chart = element('div', { className: 'sql-chart' });
  const plot = surface(chart, () => draw());
  frame.body.append(element('div', { className: 'sql-form' }, examples, run, form, told), text, wrong, relations, chart, scroll);
  host.classList.add('tall');
  let answer = null;
  let asking = null;

  const charted = () => page.state['sql.form'] === 'chart';

  async function send() {
    asking?.abort();
    asking = new AbortController();
    page.set({ 'sql.statement': text.value || null });
    told.textContent = 'running …';
    try {
      const found = await ask(page.state.token, page.state.run, 'sql', { statement: text.value }, asking.signal);
      take(found);
    } catch (error) {
      if (error.name === 'AbortError') return;
      told.textContent = '';
      wrong.hidden = false;
      wrong.textContent = error.message;
    }
  }

  function take(found) {
    answer = found;
    frame.empty(found.empty);
    wrong.hidden = true;
    if (found.empty) return;
    if (!examples.children.length) {
      examples.append(element('option', { value: '', textContent: 'Examples' }), ...Object.entries(found.examples).map(([name, value]) => element('option', { value, textContent: name })));
    }
    told.textContent = found.rows ? `${count(found.rows.length)}${found.cut ? ' or more' : ''} rows in ${(found.seconds * 1000).toFixed(0)} ms${found.rows.length > SHOWN ? `, ${SHOWN} shown` : ''}` : '';
    tell();
    draw();
  }

  function tell() {
    const { columns = [], rows = [] } = answer;
    const head = element('thead', {}, element('tr', {}, ...columns.map(({ name, type }) => element('th', { textContent: name, title: type, scope: 'col', className: isNumber(type) ? 'number' : '' }))));
    const cells = (row) => row.map((value, i) => element('td', { textContent: write(value), className: isNumber(columns[i].type) ? 'number' : '' }));
    table.replaceChildren(head, element('tbody', {}, ...rows.slice(0, SHOWN).map((row) => element('tr', {}, ...cells(row)))));
  }

  /** Places of the columns that can be drawn: the first that is not a number, or the first, against the other numbers. */
  function series() {
    const { columns, rows } = answer;
    const numbers = columns.flatMap(({ type }, i) => (isNumber(type) ? [i] : []));
    const across = columns.findIndex(({ type }) => !isNumber(type));
    const first = across >= 0 ? across : numbers[0];
    return { first, isName: across >= 0, lines: numbers.filter((i) => i !== first), rows };
  }

  function draw() {
    form.setAttribute('aria-pressed', charted());
    chart.hidden = !charted();
    scroll.hidden = charted();
    if (!charted() || !answer?.rows?.length) return;
    const { context, width, height } = plot.begin();
    const { first, isName, lines, rows } = series();
    if (!lines.length) return label(context, 'A chart needs a column of numbers beside the first one.', 8, 16);
    const box = { left: 56, top: 10, width: width - 66, height: height - 40 };
    const values = rows.flatMap((row) => lines.map((i) => row[i]).filter((value) => value !== null));
    const [low, high] = [Math.min(0, ...values), Math.max(...values)];
    const x = isName ? (row, k) => (k + 0.5) / rows.length : scale(rows.map((row) => row[first]));
    const place = (row, k) => box.left + x(row, k) * box.width;
    const y = (value) => box.top + (1 - (value - low) / (high - low || 1)) * box.height;
    axes(context, box, low, high, y);
    lines.forEach((i, k) => (isName ? bars : line)(context, rows, i, k));
    names(context, box, rows, first, place);
    plot.describe(`Chart of ${lines.map((i) => answer.columns[i].name).join(', ')} over ${answer.columns[first].name}, ${rows.length} rows`);
    return undefined;

    function scale(given) {
      const [least, most] = [Math.min(...given), Math.max(...given)];
      return (row) => (row[first] - least) / (most - least || 1);
    }

    function bars(_, all, i, k) {
      context.fillStyle = layerColour(k);
      const wide = (box.width / all.length) * (0.8 / lines.length);
      all.forEach((row, n) => {
        if (row[i] === null) return;
        const left = place(row, n) - (lines.length * wide) / 2 + k * wide;
        context.fillRect(left, Math.min(y(row[i]), y(0)), Math.max(1, wide - 1), Math.max(1, Math.abs(y(row[i]) - y(0))));
      });
    }

    function line(_, all, i, k) {
      context.strokeStyle = layerColour(k);
      context.lineWidth = 1.5;
      context.beginPath();
      all.forEach((row, n) => { if (row[i] !== null) context.lineTo(place(row, n), y(row[i])); });
      context.stroke();
    }
  }

  function axes(context, box, low, high, y) {
    for (const value of [low, (low + high) / 2, high]) {
      context.fillStyle = ink('line');
      context.fillRect(box.left, Math.round(y(value)), box.width, 1);
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      label(context, String(Number(value.toPrecision(3))), box.left - 6, y(value));
    }
  }

  function names(context, box, rows, first, place) {
    context.textAlign = 'center';
    context.textBaseline = 'top';
    const every = Math.ceil(rows.length / Math.max(1, Math.floor(box.width / 70)));
    rows.forEach((row, k) => { if (k % every === 0) label(context, write(row[first]).slice(0, 12), place(row, k), box.top + box.height + 6); });
    context.textAlign = 'left';
  }

  function openTable() {
    page.openTable('SQL', text.value, (answer?.columns ?? []).map(({ name }) => name), (answer?.rows ?? []).map((row) => row.map(write)));
  }

  examples.addEventListener('change', () => {
    if (!examples.value) return;
    text.value = examples.value;
    examples.value = '';
    send();
  });
  run.addEventListener('click', send);
  form.addEventListener('click', () => page.set({ 'sql.form': charted() ? null : 'chart' }));
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });

  return {
    // Asked once for the examples; afterwards the person asks.
    parameters: () => (answer ? null : { statement: text.value || null }),
    take,
    draw,
  };
}
