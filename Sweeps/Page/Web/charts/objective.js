import { choice, toggle } from '../dom.js';
import { frame, shown, within } from '../card.js';
import { Scatter } from './scatter.js';
import { counted, extent, linearScale, logScale, quantiles, timeScale } from '../scales.js';
/** @import { Chart } from '../card.js' */
/** @import { View } from '../view.js' */

/** The value of each run against its number, the time or the epochs spent, with the best so far. @param {View} view @returns {Chart} */
export function objectiveChart(view) {
  const scatter = new Scatter(view);
  /** @type {{x: number, value: number, run: number}[]} */
  let best = [];
  let key = '';
  /** @type {Float64Array} */
  let xs = new Float64Array(0);

  /** Computes the x value of each run, and every improvement of the best value. */
  const compute = () => {
    const mode = view.get('obj.x', 'run');
    const now = `${view.version} ${mode}`;
    if (now === key) return;
    key = now;
    const { log, runs } = view;
    const values = log.metric(view.objective)?.values.data;
    xs = new Float64Array(runs.count).fill(NaN);
    best = [];
    if (!values) return;
    const sign = view.maximize ? -1 : 1;
    let record = Infinity;
    const xOf = (/** @type {number} */ epoch) => mode === 'time' ? log.at.data[log.epochRow.data[epoch]] : epoch + 1;
    for (let run = 0; run < runs.count; run++) xs[run] = mode === 'run' ? run : runs.bestEpoch[run] < 0 ? NaN : xOf(runs.bestEpoch[run]);
    if (mode === 'run')
      for (let run = 0; run < runs.count; run++) {
        if (!(sign * runs.value[run] < record)) continue;
        record = sign * runs.value[run];
        best.push({ x: run, value: runs.value[run], run });
      }
    else
      for (let epoch = 0; epoch < runs.epochs; epoch++) {
        if (!(sign * values[epoch] < record)) continue;
        record = sign * values[epoch];
        best.push({ x: xOf(epoch), value: values[epoch], run: log.epochRun.data[epoch] });
      }
  };

  return {
    id: 'objective', title: 'Objective', help: 'The best value of each run, and the best value so far.',
    height: width => width < 500 ? 260 : 320,
    controls: () => [
      choice('Horizontal axis', [['run', 'by creation'], ['time', 'by time'], ['epochs', 'by epochs spent']], view.get('obj.x', 'run'), value => view.set('obj.x', value)),
      toggle('log', 'Logarithmic values', view.get('obj.log') === '1', on => view.set('obj.log', on ? '1' : '')),
      toggle('no outliers', 'Leave out the worst 5 % of the values', view.get('obj.cut') === '1', on => view.set('obj.cut', on ? '1' : '')),
    ],
    empty() {
      compute();
      return best.length ? '' : 'No run has a value yet.';
    },
    paint(surface, box) {
      const { runs, log } = view;
      const values = runs.value.subarray(0, runs.count);
      const mode = view.get('obj.x', 'run');
      const logarithmic = view.get('obj.log') === '1';
      let [low, high] = extent(values, logarithmic);
      if (view.get('obj.cut') === '1') {
        const [a, b] = quantiles(values, [0.05, 0.95]);
        [low, high] = view.maximize ? [a, high] : [low, b];
      }
      const margin = (high - low) * 0.04;
      const y = logarithmic ? logScale(low, high) : linearScale(low - margin, high + margin);
      const end = mode === 'time' ? log.at.data[Math.max(0, runs.rows - 1)] : mode === 'epochs' ? runs.epochs : runs.count - 1;
      const x = mode === 'time' ? timeScale(log.startedAt, end) : linearScale(0, Math.max(1, end), true);
      const plot = frame(surface, box, x, y, { x: { run: 'run, in the order of creation', time: 'time since the start', epochs: 'epochs spent by all runs' }[mode] ?? '', y: view.objective });
      scatter.place(xs, values, x, y, plot, `${key} ${view.get('obj.log')} ${view.get('obj.cut')}`);
      scatter.paint(surface, box);
      within(surface, plot, () => {
        const line = [];
        for (const [i, one] of best.entries()) {
          const px = plot.x + plot.w * x.map(one.x);
          if (i) line.push(px, plot.y + plot.h * (1 - y.map(best[i - 1].value)));
          line.push(px, plot.y + plot.h * (1 - y.map(one.value)));
        }
        line.push(plot.x + plot.w, line[line.length - 1]);
        surface.line(line, box.palette.accent, 2);
        if (view.log.about.target !== undefined) {
          const at = plot.y + plot.h * (1 - y.map(view.log.about.target));
          surface.segments([plot.x, at, plot.x + plot.w, at], box.palette.text, 1, 0.8, [5, 4]);
        }
      });
    },
    overlay: (surface, box) => scatter.overlay(surface, box),
    find: (px, py) => scatter.find(px, py),
    rows() {
      const mode = view.get('obj.x', 'run');
      const place = (/** @type {number} */ x) => mode === 'run' ? [] : [mode === 'epochs' || isNaN(x) ? x : new Date(x).toISOString()];
      return [['run', ...(mode === 'run' ? [] : [mode]), view.objective, 'best so far'], ...scatter.selected().map(run =>
        [run, ...place(xs[run]), view.runs.value[run], best.findLast(one => one.x <= xs[run])?.value ?? NaN])];
    },
    caption: () => `${shown(view)}. Red: the best so far, ${best.length > 1 ? `improved ${counted(best.length - 1, 'time')}, last by` : 'of'} run ${best[best.length - 1].run}.`,
  };
}
