import { actionBar, choice, el } from './dom.js';
import { State } from './fold.js';
/** @import { Connection } from './connection.js' */
/** @import { View } from './view.js' */

/** @param {View} view @param {Connection} connection The buttons that steer the sweep. */
export function sweepActions(view, connection) {
  const action = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string[]} */ ...statuses) =>
    ({ text, act: () => steer(view, connection, name), applies: () => maySteer(view, connection) && statuses.includes(view.runs.status) });
  return actionBar([
    action('pause', 'Pause', 'running'),
    action('resume', 'Resume', 'paused', 'stopping', 'stopped'),
    action('stop', 'Stop', 'running', 'paused'),
    action('cancel', 'Cancel', 'running', 'paused', 'stopping'),
  ]);
}

/** @param {View} view @param {Connection} connection @param {number} run The buttons that steer this run. */
export function runActions(view, connection, run) {
  const is = (/** @type {number[]} */ ...states) => states.includes(view.runs.state[run]);
  const isOver = () => is(State.Finished, State.Stopped, State.Diverged, State.Failed);
  const action = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ title, /** @type {() => boolean} */ applies) =>
    ({ text, title, act: () => steer(view, connection, name, run), applies: () => maySteer(view, connection) && applies() });
  return actionBar([
    action('stop-run', 'Stop', 'Stop this run permanently', () => !isOver()),
    action('pin', 'Pin', 'Exempt this run from the rules that stop runs', () => !isOver() && !view.runs.pinned[run]),
    action('promote', 'Promote', 'Continue this run past its rung', () => is(State.Paused, State.Stopped)),
    { text: 'Enqueue like this', title: 'Enqueue a configuration like this one', act: () => enqueue(view, connection, run), applies: () => maySteer(view, connection) && connection.canEdit },
  ]);
}

/** @param {View} view @param {Connection} connection */
function maySteer(view, connection) { return connection.canSteer && !view.log.deleted; }

/** @param {View} view @param {Connection} connection @param {string} action @param {number} [run] */
function steer(view, connection, action, run) {
  const why = prompt(`Why ${action}${run === undefined ? '' : ` run ${run}`}? The sweep's log keeps the reason. It may be empty.`);
  if (why !== null) connection.send(view, { action, run, why });
}

/**
 * Opens a dialog with a field for each parameter, filled with the values of a run. It stays open, with what was typed, until the sweep has
 * accepted the configuration.
 * @param {View} view @param {Connection} connection @param {number} run
 */
function enqueue(view, connection, run) {
  const fields = view.log.parameters.map(({ name, categories, values }) => {
    const value = values.data[run];
    return { name, field: categories ? choice(name, ['', ...categories], categories[value - 1] ?? '', () => {}) : el('input', { type: 'text', value: isNaN(value) ? '' : String(shortest(value)), 'aria-label': name }) };
  });
  const why = el('input', { type: 'text', 'aria-label': 'Why' });
  const problem = el('p', { className: 'bad', role: 'alert' });
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const values = fields.filter(({ field }) => field.value !== '').map(({ name, field }) => `${name}=${field.value}`);
    try {
      connection.tell(await connection.request(view, { action: 'enqueue', why: why.value, values }));
      dialog.close();
    } catch (refused) {
      problem.textContent = /** @type {Error} */ (refused).message;
    }
  };
  const dialog = el('dialog', { 'aria-label': 'Enqueue a configuration', onclose: () => dialog.remove() },
    el('form', { onsubmit: send }, el('h3', {}, 'The configuration to train next'),
      el('p', { className: 'caption' }, 'An empty field leaves the parameter out.'),
      ...fields.map(({ name, field }) => el('label', {}, name, field)),
      el('label', {}, 'Why? The log keeps it.', why), problem,
      el('div', { className: 'controls' }, el('button', { type: 'submit' }, 'Enqueue'), el('button', { type: 'button', onclick: () => dialog.close() }, 'Close'))));
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {number} value @returns {number} The value without the digits that single precision adds: 0.01 for 0.009999999776482582. */
function shortest(value) { return Number.isInteger(value) ? value : Number(value.toPrecision(7)); }
