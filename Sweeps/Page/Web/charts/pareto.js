import { choice, toggle } from '../dom.js';
import { frame, shown } from '../card.js';
import { Scatter } from './scatter.js';
import { extent, linearScale, logScale, timeScale } from '../scales.js';
/** @import { Chart } from '../card.js' */
/** @import { View, RunColumn } from '../view.js' */

/** Two metrics of all runs, and the Pareto front of the selected runs: those that no other one dominates. @param {View} view @returns {Chart} */
export function paretoChart(view) {
  const scatter = new Scatter(view);
  /** @type {number[]} */
  let front = [];
  const options = () => /** @type {[string, string][]} */ (['objective', ...view.log.metrics.filter(one => one.name !== view.objective).map(one => 'm:' + one.name), 'trained', 'epoch',
    ...view.varying.filter(one => !one.categories).map(one => 'p:' + one.name)].map(key => [key, view.column(key)?.label ?? key]));
  const keyX = () => view.column(view.get('pf.x')) ? view.get('pf.x') : 'trained';
  const keyY = () => view.column(view.get('pf.y')) ? view.get('pf.y') : 'objective';
  /**
   * Whether a larger value is better: by the sweep's goal for the objective, by the name of another metric, or by the user's choice.
   * @param {string} key
   */
  const more = key => {
    const chosen = view.get('pf.more').split('|').filter(Boolean);
    const usual = key === 'objective' ? view.maximize : /acc|auc|f1|precision|recall|score|reward|r2/i.test(key) && !/loss|error/i.test(key);
    return chosen.includes(key) ? !usual : usual;
  };
  const turn = (/** @type {string} */ key) => {
    const chosen = view.get('pf.more').split('|').filter(Boolean);
    view.set('pf.more', (chosen.includes(key) ? chosen.filter(one => one !== key) : [...chosen, key]).join('|'));
  };
  const compute = (/** @type {RunColumn} */ a, /** @type {RunColumn} */ b) => {
    const [signA, signB] = [more(a.key) ? -1 : 1, more(b.key) ? -1 : 1];
    const runs = [];
    for (let run = 0; run < view.runs.count; run++) if (view.mask[run] && isFinite(a.values[run]) && isFinite(b.values[run])) runs.push(run);
    runs.sort((p, q) => signA * (a.values[p] - a.values[q]) || signB * (b.values[p] - b.values[q]) || p - q);
    let best = Infinity;
    front = runs.filter(run => {
      if (!(signB * b.values[run] < best)) return false;
      best = signB * b.values[run];
      return true;
    });
  };
  const scaleOf = (/** @type {RunColumn} */ column, /** @type {boolean} */ log) => {
    const [low, high] = extent(column.values, log);
    const margin = (high - low) * 0.03;
    return log ? logScale(low, high, column.whole) : column.type === 'duration' ? timeScale(0, high) : linearScale(low - margin, high + margin, column.whole);
  };
  return {
    id: 'pareto', title: 'Pareto front', help: 'Two metrics of all runs, and the runs that no other run beats in both.',
    height: width => width < 500 ? 260 : 320,
    controls: () => [
      choice('Horizontal', options(), keyX(), value => view.set('pf.x', value)),
      toggle(more(keyX()) ? 'more →' : 'less →', 'Whether more or less of it is better', more(keyX()), () => turn(keyX())),
      choice('Vertical', options(), keyY(), value => view.set('pf.y', value)),
      toggle(more(keyY()) ? 'more ↑' : 'less ↑', 'Whether more or less of it is better', more(keyY()), () => turn(keyY())),
      toggle('log', 'Logarithmic horizontal scale', view.get('pf.log') === '1', on => view.set('pf.log', on ? '1' : '')),
    ],
    empty: () => view.runs.best < 0 ? 'No run has a value yet.' : '',
    paint(surface, box) {
      const [a, b] = [view.column(keyX()), view.column(keyY())];
      if (!a || !b) return;
      compute(a, b);
      const [x, y] = [scaleOf(a, view.get('pf.log') === '1'), scaleOf(b, false)];
      const plot = frame(surface, box, x, y, { x: a.label, y: b.label });
      scatter.place(a.values, b.values, x, y, plot);
      scatter.paint(surface, box);
      const line = [];
      for (const [i, run] of front.entries()) {
        if (i) line.push(scatter.xs[run], scatter.ys[front[i - 1]]);
        line.push(scatter.xs[run], scatter.ys[run]);
      }
      surface.line(line, box.palette.accent, 2);
      for (const run of front) surface.dot(scatter.xs[run], scatter.ys[run], 4, box.palette.accent, box.palette.background);
    },
    overlay: (surface, box) => scatter.overlay(surface, box),
    find: (x, y) => scatter.find(x, y),
    rows() {
      const best = new Set(front);
      const runs = scatter.selected();
      return view.rows([view.column(keyX()), view.column(keyY())], runs).map((row, i) => [...row, i === 0 ? 'on the front' : best.has(runs[i - 1]) ? 'yes' : 'no']);
    },
    caption: () => `${shown(view)}; ${front.length} on the front${front.length && front.length <= 8 ? `: ${front.length === 1 ? 'run' : 'runs'} ${front.join(', ')}` : ''}.`,
  };
}
