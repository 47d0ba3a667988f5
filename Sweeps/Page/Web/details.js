import { el } from './dom.js';
import { stateNames } from './fold.js';
import { formatDuration, formatMoment, formatNumber } from './scales.js';
/** @import { View } from './view.js' */
/** @import { Connection } from './connection.js' */

/**
 * The panel of the picked runs: one run with its values and its history, or several side by side with their differences.
 * @param {View} view
 * @param {Connection} connection
 */
export function detailsPanel(view, connection) {
  const element = el('section', { className: 'card details', id: view.prefix + 'details', 'aria-label': 'Picked runs', 'aria-live': 'polite', hidden: true });
  let key = '';
  /** The runs that the panel shows. */
  let drawn = '';
  /** Whether the pointer is pressed in the panel. */
  let held = false;
  const draw = () => {
    const picked = view.picked;
    const now = `${view.version} ${picked} ${view.baseline}`;
    // New rows of a running sweep must not replace a field in which a person types, or a button that is pressed.
    if (now === key || (drawn === String(picked) && (held || (element.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement)))) return;
    key = now;
    drawn = String(picked);
    element.hidden = picked.length === 0;
    if (picked.length === 1) element.replaceChildren(...one(view, connection, picked[0]));
    else if (picked.length > 1) element.replaceChildren(...several(view, picked));
  };
  element.addEventListener('pointerdown', () => { held = true; });
  // The click comes after pointerup: the panel is drawn after it.
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(() => { held = false; draw(); }));
  element.addEventListener('focusout', () => setTimeout(draw));
  view.listeners.add(draw);
  draw();
  return element;
}

/** @param {View} view */
function close(view) {
  return el('button', { type: 'button', className: 'close', title: 'Close', 'aria-label': 'Close', onclick: () => view.set('runs', '', 'hover') }, '✕');
}

/** @param {View} view @param {Connection} connection @param {number} run */
function one(view, connection, run) {
  const { runs, log } = view;
  const facts = [
    ['state', stateNames[runs.state[run]] + (runs.pinned[run] ? ', pinned' : '')],
    [view.objective, runs.bestEpoch[run] < 0 ? 'none yet' : `${formatNumber(runs.value[run], 6)} at epoch ${log.epochNumber.data[runs.bestEpoch[run]]}`],
    ['epochs', `${runs.epoch[run]} of ${Math.max(runs.epoch[run], log.maxEpochs.data[run])}${runs.wastedEpochs[run] ? `, ${runs.wastedEpochs[run]} trained a second time` : ''}`],
    ['trained for', formatDuration(runs.trained[run])],
    ['created', formatMoment(log.at.data[log.createdRow.data[run]])],
    ['node', runs.node[run] < 0 ? 'none yet' : log.nodes[runs.node[run]]],
  ];
  const parameters = log.parameters.map(parameter => view.column('p:' + parameter.name)).filter(column => column !== null).map(column => [column.label, view.show(column, run)]).filter(([, text]) => text);
  const metrics = runs.bestEpoch[run] < 0 ? [] : log.metrics.map(metric => [metric.name, formatNumber(metric.values.data[runs.bestEpoch[run]], 6)]).filter(([, text]) => text);
  const list = (/** @type {string[][]} */ pairs) => el('dl', {}, ...pairs.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]));
  return [
    el('header', {}, el('h3', {}, `Run ${run}`), connection.runButtons(view, run), close(view)),
    list(facts),
    el('h4', {}, 'Parameters'), list(parameters),
    el('h4', {}, 'Metrics of the best epoch'), list(metrics),
    ...annotationList(view, connection, run),
    el('h4', {}, 'Why'),
    el('ol', { className: 'story' }, ...log.storyOf(run, runs.rows).map(row => {
      const [text, more] = log.textOf(row).split('\n');
      return el('li', {}, el('time', { title: formatMoment(log.at.data[row]) }, formatDuration(log.at.data[row] - log.startedAt)), ' ', text, more ? el('em', {}, ' ' + more) : null);
    })),
  ];
}

/**
 * The notes and tags of a run or of the sweep, with fields to add some.
 * @param {View} view @param {Connection} connection @param {number} run −1 for the sweep.
 * @returns {HTMLElement[]}
 */
export function annotationList(view, connection, run) {
  const { log } = view;
  const { tags, notes } = log.annotations(run, view.runs.rows);
  if (!tags.length && !notes.length && !connection.canSteer) return [];
  const whose = run < 0 ? 'the sweep' : `run ${run}`;
  const field = (/** @type {string} */ action, /** @type {string} */ hint) => el('input', { type: 'text', placeholder: hint, 'aria-label': `Add a ${action} to ${whose}`, size: action === 'note' ? 28 : 10,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (event.key !== 'Enter' || !input.value) return;
      connection.annotate(view, action, run, input.value);
      // Without the focus the panel shows the new text as soon as the log has it.
      input.blur();
    } });
  return [
    el('h4', {}, 'Notes and tags'),
    el('div', { className: 'controls' }, ...tags.map(tag => el('span', { className: 'tag' }, tag, connection.canSteer ? el('button', { type: 'button', className: 'link', 'aria-label': `Remove the tag ${tag}`, onclick: () => connection.annotate(view, 'untag', run, tag) }, '✕') : null)),
      connection.canSteer ? field('tag', '+ tag') : null, connection.canSteer ? field('note', '+ note, Enter adds it') : null),
    el('ul', { className: 'story' }, ...notes.map(note => el('li', {}, el('time', {}, formatMoment(log.at.data[note.row])), ' ', note.text))),
  ];
}

/** @param {View} view @param {number[]} picked */
function several(view, picked) {
  const base = view.baseline >= 0 ? view.baseline : picked[0];
  const rows = view.keys.filter(key => key !== 'run').map(key => view.column(key)).filter(column => column !== null)
    .filter(column => new Set(picked.map(run => view.show(column, run))).size > 1);
  return [
    el('header', {}, el('h3', {}, `${picked.length} runs compared`), close(view)),
    el('p', { className: 'caption' }, `Only what differs; differences are to run ${base}.`),
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Comparison' }, el('table', { className: 'compare' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, ''), ...picked.map(run => el('th', { scope: 'col' }, `run ${run}`)))),
      el('tbody', {}, ...rows.map(column => el('tr', {}, el('th', { scope: 'row' }, column.label), ...picked.map(run => {
        const cell = el('td', { className: column.type === 'number' ? 'number' : '' }, view.show(column, run));
        const difference = column.values[run] - column.values[base];
        if (column.type === 'number' && run !== base && isFinite(difference) && difference !== 0) cell.append(el('span', { className: 'delta' }, ` ${difference > 0 ? '+' : '−'}${formatNumber(Math.abs(difference), 3)}`));
        return cell;
      })))))),
  ];
}
