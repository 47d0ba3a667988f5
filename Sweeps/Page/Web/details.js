import { el, renew } from './dom.js';
import { stateNames } from './fold.js';
import { formatDuration, formatMoment, formatNumber } from './scales.js';
import { runActions } from './steering.js';
/** @import { View } from './view.js' */
/** @import { Connection } from './connection.js' */

/**
 * The panel of the picked runs: one run with its values and its history, or several side by side with their differences.
 * @param {View} view
 * @param {Connection} connection
 */
export function detailsPanel(view, connection) {
  const element = el('section', { className: 'card details', id: view.prefix + 'details', 'aria-label': 'Picked runs', 'aria-live': 'polite', hidden: true });
  const title = el('h3');
  const close = el('button', { type: 'button', className: 'close', title: 'Close', 'aria-label': 'Close', onclick: () => view.set('runs', '', 'hover') }, '✕');
  let key = '';
  /** The runs for which the panel was built. */
  let built = '';
  /** Shows what is new of these runs. */
  let update = () => {};
  const draw = () => {
    const { picked } = view;
    const now = `${view.version} ${picked} ${view.baseline}`;
    if (now === key) return;
    key = now;
    element.hidden = picked.length === 0;
    if (String(picked) !== built) {
      built = String(picked);
      const part = picked.length === 1 ? one(view, connection, picked[0]) : several(view, picked);
      title.textContent = picked.length === 1 ? `Run ${picked[0]}` : `${picked.length} runs compared`;
      element.replaceChildren(el('header', {}, title, part.actions, close), ...part.elements);
      update = part.update;
    }
    update();
  };
  view.listeners.add(draw);
  draw();
  return element;
}

/**
 * A part of the page whose elements stay while rows arrive, so that a field keeps its text and the focus.
 * @typedef {{elements: HTMLElement[], update: () => void}} Part
 */

/** @param {View} view @param {Connection} connection @param {number} run @returns {Part & {actions: HTMLElement}} */
function one(view, connection, run) {
  const { runs, log } = view;
  const [facts, parameters, metrics, story] = [el('dl'), el('dl'), el('dl'), el('ol', { className: 'story' })];
  const actions = runActions(view, connection, run);
  const annotations = annotationList(view, connection, run);
  const list = (/** @type {Element} */ parent, /** @type {string[][]} */ pairs) => renew(parent, ...pairs.filter(([, text]) => text).flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]));
  return {
    actions: actions.element,
    elements: [facts, el('h4', {}, 'Parameters'), parameters, el('h4', {}, 'Metrics of the best epoch'), metrics, ...annotations.elements, el('h4', {}, 'Why'), story],
    update() {
      const best = runs.bestEpoch[run];
      const most = log.maxEpochs.data[run];
      actions.update();
      list(facts, [
        ['state', stateNames[runs.state[run]] + (runs.pinned[run] ? ', pinned' : '')],
        [view.objective, best < 0 ? 'none yet' : `${formatNumber(runs.value[run], 6)} at epoch ${log.epochNumber.data[best]}`],
        ['epochs', `${runs.epoch[run]}${most ? ` of ${Math.max(runs.epoch[run], most)}` : ''}${runs.wastedEpochs[run] ? `, ${runs.wastedEpochs[run]} trained a second time` : ''}`],
        ['trained for', formatDuration(runs.trained[run])],
        ['created', formatMoment(log.at.data[log.createdRow.data[run]])],
        ['node', runs.node[run] < 0 ? 'none yet' : log.nodes[runs.node[run]]],
      ]);
      list(parameters, log.parameters.map(parameter => view.column('p:' + parameter.name)).filter(column => column !== null).map(column => [column.label, view.show(column, run)]));
      list(metrics, best < 0 ? [] : log.metrics.map(metric => [metric.name, formatNumber(metric.values.data[best], 6)]));
      annotations.update();
      renew(story, ...log.storyOf(run, runs.rows).map(row => {
        const [text, more] = log.textOf(row).split('\n');
        return el('li', {}, el('time', { title: formatMoment(log.at.data[row]) }, formatDuration(log.at.data[row] - log.startedAt)), ' ', text, more ? el('em', {}, ' ' + more) : null);
      }));
    },
  };
}

/**
 * The notes and tags of a run or of the sweep, with fields to add some.
 * @param {View} view @param {Connection} connection @param {number} run −1 for the sweep.
 * @returns {Part}
 */
export function annotationList(view, connection, run) {
  const { log } = view;
  const whose = run < 0 ? 'the sweep' : `run ${run}`;
  const field = (/** @type {string} */ action, /** @type {string} */ hint) => el('input', { type: 'text', placeholder: hint, 'aria-label': `Add a ${action} to ${whose}`, size: action === 'note' ? 28 : 10,
    onkeydown: async (/** @type {KeyboardEvent} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const text = input.value;
      if (event.key === 'Enter' && text && await connection.annotate(view, action, run, text) && input.value === text) input.value = '';
    } });
  const remove = (/** @type {string} */ tag) => el('button', { type: 'button', className: 'link', 'aria-label': `Remove the tag ${tag}`, onclick: () => {
    tagField.focus();
    connection.annotate(view, 'untag', run, tag);
  } }, '✕');
  const [tagField, noteField] = [field('tag', '+ tag'), field('note', '+ note, Enter adds it')];
  const [shownTags, shownNotes] = [el('span', { className: 'tags' }), el('ul', { className: 'story' })];
  const elements = [el('h4', {}, 'Notes and tags'), el('div', { className: 'controls' }, shownTags, connection.canSteer && tagField, connection.canSteer && noteField), shownNotes];
  return {
    elements,
    update() {
      const { tags, notes } = log.annotations(run, view.runs.rows);
      for (const element of elements) element.hidden = !tags.length && !notes.length && !connection.canSteer;
      renew(shownTags, ...tags.map(tag => el('span', { className: 'tag' }, tag, connection.canSteer && remove(tag))));
      renew(shownNotes, ...notes.map(note => el('li', {}, el('time', {}, formatMoment(log.at.data[note.row])), ' ', note.text)));
    },
  };
}

/** @param {View} view @param {number[]} picked @returns {Part & {actions?: HTMLElement}} */
function several(view, picked) {
  const caption = el('p', { className: 'caption' });
  const table = el('table', { className: 'compare' });
  return {
    elements: [caption, el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Comparison' }, table)],
    update() {
      const base = view.baseline >= 0 ? view.baseline : picked[0];
      const rows = view.keys.filter(key => key !== 'run').map(key => view.column(key)).filter(column => column !== null)
        .filter(column => new Set(picked.map(run => view.show(column, run))).size > 1);
      caption.textContent = `Only what differs; differences are to run ${base}.`;
      renew(table,
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, ''), ...picked.map(run => el('th', { scope: 'col' }, `run ${run}`)))),
        el('tbody', {}, ...rows.map(column => el('tr', {}, el('th', { scope: 'row' }, column.label), ...picked.map(run => {
          const cell = el('td', { className: column.type === 'number' ? 'number' : '' }, view.show(column, run));
          const difference = column.values[run] - column.values[base];
          if (column.type === 'number' && run !== base && isFinite(difference) && difference !== 0) cell.append(el('span', { className: 'delta' }, ` ${difference > 0 ? '+' : '−'}${formatNumber(Math.abs(difference), 3)}`));
          return cell;
        })))));
    },
  };
}
