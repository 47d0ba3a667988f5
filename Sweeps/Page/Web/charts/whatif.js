import { choice, el } from '../dom.js';
import { formatCount, formatNumber } from '../scales.js';
/** @import { View } from '../view.js' */
/** @import { Connection } from '../connection.js' */

const rules = ['', 'asha', 'asha_stopping', 'hyperband', 'median', 'none'];

/**
 * A comparison of the sweep with its replay under another rule, η or budget.
 * @param {View} view
 * @param {Connection} connection
 */
export function whatIfCard(view, connection) {
  const state = { rule: view.get('wi.rule'), eta: view.get('wi.eta'), epochs: view.get('wi.epochs'), slots: view.get('wi.slots', '1') };
  const output = el('div', { 'aria-live': 'polite' });
  const field = (/** @type {'eta' | 'epochs' | 'slots'} */ name, /** @type {string} */ text, /** @type {string} */ hint) => el('label', {}, text, el('input', {
    type: 'number', min: '1', size: 5, value: state[name], placeholder: hint, 'aria-label': text,
    onchange: (/** @type {Event} */ event) => { state[name] = /** @type {HTMLInputElement} */ (event.target).value; view.settings.set(view.prefix + 'wi.' + name, state[name]); },
  }));
  const ask = async () => {
    output.replaceChildren(el('p', { className: 'caption' }, 'Replaying the recorded curves …'));
    try {
      const changes = Object.fromEntries(Object.entries(state).filter(([, value]) => value));
      output.replaceChildren(comparison(view, [await connection.whatIf(view, changes)]));
    } catch (problem) {
      output.replaceChildren(el('p', { className: 'bad' }, /** @type {Error} */ (problem).message));
    }
  };
  if (connection.report)
    connection.extras(view).then(({ whatifs }) => output.replaceChildren(whatifs.length ? comparison(view, whatifs) : el('p', { className: 'caption' }, 'This sweep has no recorded epoch to replay.')));
  else if (!connection.canEdit) output.replaceChildren(el('p', { className: 'caption' }, 'A silo does not replay sweeps: use ./sweep ui with --cluster or --store, or ./sweep whatif.'));
  else if (state.rule || state.eta || state.epochs) ask();
  return el('section', { className: 'card wide', id: view.prefix + 'whatif', 'aria-label': 'What if', 'data-drawn': 'true' },
    el('header', {}, el('h3', {}, 'What if')),
    connection.report || !connection.canEdit ? null : el('div', { className: 'controls' },
      choice('Rule', rules.map(rule => /** @type {[string, string]} */ ([rule, rule || 'same rule'])), state.rule, value => { state.rule = value; view.settings.set(view.prefix + 'wi.rule', value); }),
      field('eta', 'η ', 'same'), field('epochs', 'epochs at most ', 'same'), field('slots', 'slots ', '1'),
      el('button', { type: 'button', onclick: ask }, 'Replay')),
    el('p', { className: 'caption' }, 'The recorded learning curves under another rule, η or budget of epochs. Nothing is trained.'), output);
}

/** @param {View} view @param {any[]} results */
function comparison(view, results) {
  const change = (/** @type {any} */ one) => one.epochsWere ? ` (${one.epochs === one.epochsWere ? 'the same' : `${one.epochs > one.epochsWere ? '+' : '−'}${Math.abs(Math.round(100 * (one.epochs - one.epochsWere) / one.epochsWere))} %`})` : '';
  const winner = (/** @type {number | null} */ run, /** @type {number | null} */ best, bound = '') => run === null ? 'none' : `run ${run}, ${bound}${formatNumber(best ?? NaN, 5)}`;
  /** A run whose record is too short makes the answer a bound. If most runs are too short, there is no answer. */
  const known = (/** @type {any} */ one, /** @type {string} */ sign, /** @type {(bound: string) => string} */ answer) =>
    2 * one.missing > one.runs ? 'cannot be known' : answer(one.missing ? sign + ' ' : '');
  const better = view.maximize ? '≥' : '≤';
  const [first] = results;
  const lines = /** @type {[string, string, (one: any) => string][]} */ ([
    ['rules', first.rulesWere || 'none', one => one.rulesWould || 'none'],
    ['runs', formatCount(view.runs.count), one => formatCount(one.runs)],
    ['epochs', formatCount(first.epochsWere), one => known(one, '≥', bound => bound + formatCount(one.epochs) + change(one))],
    ['best run', winner(first.winnerWas, first.bestWas), one => known(one, better, bound => winner(one.winner, one.best, bound))],
    [`${view.objective} lost`, '', one => known(one, '≤', bound => bound + formatNumber(one.loss ?? NaN, 3))],
    ['runs that would have trained beyond their record', '', one => formatCount(one.missing)],
  ]);
  return el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'What if' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, ''), el('th', { scope: 'col' }, 'as it was'), ...results.map(() => el('th', { scope: 'col' }, 'as it would have been')))),
    el('tbody', {}, ...lines.map(([name, was, would]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, was), ...results.map(one => el('td', {}, would(one))))))));
}
