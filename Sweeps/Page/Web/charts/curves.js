import { choice, el, toggle } from '../dom.js';
import { frame, shown, within } from '../card.js';
import { noBin, paintPairs, toBins } from '../density.js';
import { groupBy } from '../groups.js';
import { extent, linearScale, logScale, quantiles, timeScale } from '../scales.js';
import { layer } from '../surface.js';
import { selectedRuns } from './parallel.js';
/** @import { Chart, Box, Rect } from '../card.js' */
/** @import { Surface } from '../surface.js' */
/** @import { View } from '../view.js' */
/** @import { Scale } from '../scales.js' */

/** The largest number of positions on the horizontal axis at which curves are interpolated. */
const maxKnots = 48;

/** The largest number of selected runs that are all drawn as lines; more are drawn as densities. */
const maxCurves = 150;

const maxBands = 8;

/** Learning curves of all runs. @param {View} view @returns {Chart} */
export function curvesChart(view) {
  let key = '';
  /** @type {{knots: number[], values: Float32Array[], bins: Uint8Array[], x: Scale, y: Scale, second: Scale | null} | null} `second` is the scale of the second metric. */
  let matrix = null;
  /** @type {{key?: string, canvas?: HTMLCanvasElement}} */
  const rest = {};
  /** @type {Rect} */
  let plot = { x: 0, y: 0, w: 1, h: 1 };

  const metricName = () => view.log.metric(view.get('cv.metric', view.objective)) ? view.get('cv.metric', view.objective) : view.objective;
  /** The second metric, or an empty text. */
  const also = () => view.get('cv.also') !== metricName() && view.log.metric(view.get('cv.also')) ? view.get('cv.also') : '';
  const xMode = () => view.get('cv.x', 'epoch');
  const smoothing = () => Math.min(0.99, Math.max(0, Number(view.get('cv.smooth', '0')) || 0));

  /**
   * Calls `point` with each point of a run's smoothed curve.
   * @param {number} run
   * @param {string} metric
   * @param {(x: number, y: number) => void} point
   */
  const walk = (run, metric, point) => {
    const { log, runs } = view;
    const values = log.metric(metric)?.values.data;
    const mode = xMode();
    const factor = smoothing();
    if (!values) return;
    let smooth = NaN;
    let trained = 0;
    let number = 0;
    for (let epoch = log.firstEpoch.data[run]; epoch >= 0 && log.epochRow.data[epoch] < runs.rows; epoch = log.nextEpoch.data[epoch]) {
      number++;
      trained += log.duration.data[epoch];
      const value = values[epoch];
      smooth = isNaN(smooth) || !isFinite(value) ? value : factor * smooth + (1 - factor) * value;
      point(mode === 'epoch' ? number : mode === 'trained' ? trained : log.at.data[log.epochRow.data[epoch]], smooth);
    }
  };

  /** @param {string} metric @returns {Scale | null} Null without a value. */
  const scaleOf = metric => {
    const all = view.log.metric(metric)?.values.data.subarray(0, view.runs.epochs);
    if (!all?.some(isFinite)) return null;
    const logarithmic = view.get('cv.log') === '1';
    let [low, high] = extent(all, logarithmic);
    if (view.get('cv.cut') === '1') [low, high] = quantiles(all, [0.02, 0.98]);
    const margin = (high - low) * 0.03;
    return logarithmic ? logScale(low, high) : linearScale(low - margin, high + margin);
  };

  const compute = () => {
    const metric = metricName();
    const asked = [view.version, metric, also(), xMode(), smoothing(), view.get('cv.log'), view.get('cv.cut')].join();
    if (asked === key) return matrix;
    key = asked;
    const { log, runs } = view;
    const y = scaleOf(metric);
    if (!y) return matrix = null;
    const mode = xMode();
    let end = 1;
    for (let run = 0; run < runs.count; run++) end = Math.max(end, mode === 'epoch' ? runs.epoch[run] : mode === 'trained' ? runs.trained[run] : 0);
    const start = mode === 'epoch' ? 1 : mode === 'trained' ? 0 : log.startedAt;
    // A simulated sweep may begin and end within a millisecond.
    if (mode === 'time') end = Math.max(start + 1, log.at.data[Math.max(0, runs.rows - 1)]);
    const exact = mode === 'epoch' && end <= maxKnots;
    const count = exact ? Math.max(2, end) : maxKnots;
    const knots = Array.from({ length: count }, (_, i) => start + (end - start) * i / (count - 1) || start + i);
    const values = knots.map(() => new Float32Array(runs.count).fill(NaN));
    const step = (knots[count - 1] - start) / (count - 1);
    for (let run = 0; run < runs.count; run++) {
      let [lastX, lastY] = [NaN, NaN];
      walk(run, metric, (x, value) => {
        if (exact) values[x - 1][run] = value;
        else if (isNaN(lastX)) values[Math.round((x - start) / step)][run] = value;
        else
          for (let knot = Math.ceil((lastX - start) / step); knot < count && knots[knot] <= x + 1e-9; knot++)
            values[knot][run] = x > lastX ? lastY + (value - lastY) * (knots[knot] - lastX) / (x - lastX) : value;
        [lastX, lastY] = [x, value];
      });
    }
    return matrix = {
      knots, values, bins: values.map(column => toBins(column, y.map, runs.count)), y, second: also() ? scaleOf(also()) : null,
      x: mode === 'epoch' ? linearScale(1, Math.max(2, end), true) : timeScale(start, end),
    };
  };

  /** @param {number} run @param {string} metric @param {Scale | undefined} [y] @returns {number[]} */
  const points = (run, metric, y = matrix?.y) => {
    /** @type {number[]} */
    const line = [];
    if (matrix && y) {
      const { x } = matrix;
      walk(run, metric, (px, value) => line.push(plot.x + plot.w * x.map(px), isFinite(value) ? plot.y + plot.h * (1 - y.map(value)) : NaN));
    }
    return line;
  };

  return {
    id: 'curves', title: 'Learning curves', wide: true, help: 'A metric of all runs over their epochs or over time.',
    height: width => width < 600 ? 280 : 360,
    controls: () => [
      choice('Metric', view.log.metrics.map(one => one.name), metricName(), value => view.set('cv.metric', value)),
      choice('Second metric, dashed', [['', '+ metric'], .../** @type {[string, string][]} */ (view.log.metrics.filter(one => one.name !== metricName()).map(one => [one.name, one.name]))], also(), value => view.set('cv.also', value)),
      choice('Horizontal axis', [['epoch', 'by epoch'], ['trained', 'by training time'], ['time', 'by wall time']], xMode(), value => view.set('cv.x', value)),
      choice('Group', [['', 'no groups'], .../** @type {[string, string][]} */ (view.varying.map(one => ['p:' + one.name, 'by ' + one.name])), ['state', 'by state']], view.get('cv.group'), value => view.set('cv.group', value)),
      el('label', { title: 'Smoothing: the weight of the previous values' }, 'smooth ', el('input', {
        type: 'range', min: '0', max: '0.95', step: '0.05', value: String(smoothing()), 'aria-label': 'Smoothing',
        oninput: (/** @type {Event} */ event) => view.set('cv.smooth', /** @type {HTMLInputElement} */ (event.target).value === '0' ? '' : /** @type {HTMLInputElement} */ (event.target).value),
      })),
      toggle('log', 'Logarithmic values', view.get('cv.log') === '1', on => view.set('cv.log', on ? '1' : '')),
      toggle('no outliers', 'Leave out the lowest and the highest 2 % of the values', view.get('cv.cut') === '1', on => view.set('cv.cut', on ? '1' : '')),
    ],
    empty: () => compute() ? '' : `No run has reported ${metricName()} yet.`,
    paint(surface, box) {
      const now = compute();
      if (!now) return;
      const { palette } = box;
      const grouped = view.get('cv.group');
      const right = grouped ? Math.min(190, box.w * 0.3) : 16;
      plot = frame(surface, box, now.x, now.y, {
        x: { epoch: 'epoch', trained: 'time that the run has trained', time: 'time since the start' }[xMode()] ?? '', y: metricName(), right, second: now.second ? { scale: now.second, label: also() } : undefined,
      });
      if (grouped) return bands(surface, box, now, grouped, box.w - right);
      within(surface, plot, () => {
        const everything = view.selected === view.runs.count;
        const few = view.selected <= maxCurves;
        const place = (/** @type {number} */ i) => plot.x + plot.w * now.x.map(now.knots[i]);
        const pairs = now.bins.slice(1).map((right, i) => ({ left: now.bins[i], right, x0: place(i), x1: place(i + 1) }));
        if (!everything) layer(surface, box, rest, key + palette.rest, to => paintPairs(to, pairs, new Uint8Array(view.runs.count).fill(1), null, [palette.rest], plot.y, plot.y + plot.h, 0.3));
        if (!few) paintPairs(surface, pairs, view.mask, view.level, palette.ramp, plot.y, plot.y + plot.h, 0.9);
        if (few) {
          for (const run of selectedRuns(view).sort((a, b) => view.level[b] - view.level[a])) curve(surface, run, metricName(), palette.ramp[view.level[run]], 1.3, 0.8);
        } else
          for (const run of view.top(10).reverse()) curve(surface, run, metricName(), palette.ramp[0], 1.5, 0.9);
      });
      legend(surface, box);
    },
    marksBest: () => also() !== '',
    overlay(surface, box) {
      if (!matrix) return;
      const { second } = matrix;
      within(surface, plot, () => {
        const both = (/** @type {number} */ run, /** @type {string} */ colour, /** @type {number} */ width) => {
          curve(surface, run, metricName(), colour, width, 1);
          if (!second) return;
          const line = points(run, also(), second);
          if (line.length === 2) surface.dot(line[0], line[1], width + 0.8, box.palette.background, colour);
          else surface.line(line, colour, width * 0.8, 0.9, [5, 4]);
        };
        for (const [i, run] of view.picked.entries()) both(run, view.picked.length > 1 ? box.palette.groups[i % 7] : box.palette.accent, 2.2);
        if (view.baseline >= 0) both(view.baseline, box.palette.text, 2.2);
        if (second && !view.picked.length) for (const run of view.top(1)) both(run, box.palette.accent, 2);
        if (view.hovered >= 0 && view.hovered < view.runs.count) {
          curve(surface, view.hovered, metricName(), box.palette.background, 5, 1);
          both(view.hovered, box.palette.accent, 2.6);
        }
      });
    },
    find(px, py) {
      if (!matrix || px < plot.x - 8 || px > plot.x + plot.w + 8) return null;
      const { knots, values, x, y } = matrix;
      const at = x.invert((px - plot.x) / plot.w);
      const step = knots[1] - knots[0];
      const place = Math.min(knots.length - 1.000001, Math.max(0, (at - knots[0]) / step));
      const [left, t] = [Math.floor(place), place % 1];
      let best = -1;
      let distance = 10;
      for (let run = 0; run < view.runs.count; run++) {
        if (!view.mask[run]) continue;
        const [a, b] = [values[left][run], values[left + 1]?.[run] ?? NaN];
        const value = isNaN(b) ? t < 0.4 ? a : NaN : isNaN(a) ? t > 0.6 ? b : NaN : a + (b - a) * t;
        const d = Math.abs(plot.y + plot.h * (1 - y.map(value)) - py);
        if (d < distance) [best, distance] = [run, d];
      }
      return best < 0 ? null : { run: best };
    },
    rows() {
      const mode = xMode();
      /** @type {(string | number)[][]} */
      const rows = [['run', mode === 'trained' ? 'trained (s)' : mode, metricName()]];
      for (const run of selectedRuns(view)) walk(run, metricName(), (x, value) => rows.push([run, mode === 'epoch' ? x : mode === 'trained' ? x / 1000 : new Date(x).toISOString(), value]));
      return rows;
    },
    caption() {
      const runs = !matrix?.second ? [] : view.picked.length ? view.picked : view.top(1);
      const how = view.get('cv.group') ? '. Lines: means; bands: the middle half' : view.selected > maxCurves ? ', as densities; the best ten, picked and pointed ones as lines' : '';
      return `${shown(view)}${how}. A curve ends where its run has ended.${runs.length ? ` Dashed, or a ring for a single epoch, on the right axis: ${also()} of ${runs.length > 1 ? 'runs' : 'run'} ${runs.join(', ')}.` : ''}`;
    },
  };

  /** @param {Surface} surface @param {number} run @param {string} metric @param {string} colour @param {number} width @param {number} alpha */
  function curve(surface, run, metric, colour, width, alpha) {
    const line = points(run, metric);
    if (line.length === 2) surface.dot(line[0], line[1], width + 0.8, colour, undefined, alpha);
    else surface.line(line, colour, width, alpha);
  }

  /** @param {Surface} surface @param {Box} box */
  function legend(surface, box) {
    const { picked } = view;
    if (picked.length < 2 || view.get('cv.group')) return;
    picked.slice(0, 10).forEach((run, i) => {
      surface.rect(plot.x + plot.w - 76, plot.y + 4 + i * 16, 72, 15, box.palette.background, 0.8);
      surface.segments([plot.x + plot.w - 72, plot.y + 12 + i * 16, plot.x + plot.w - 56, plot.y + 12 + i * 16], box.palette.groups[i % 7], 3);
      surface.text(`run ${run}`, plot.x + plot.w - 50, plot.y + 12 + i * 16, { color: box.palette.text, size: 11 });
    });
  }

  /** @param {Surface} surface @param {Box} box @param {NonNullable<typeof matrix>} now @param {string} key @param {number} beside Where the names of the groups begin. */
  function bands(surface, box, now, key, beside) {
    const grouping = groupBy(view, [key]);
    const order = [...grouping.sizes.keys()].filter(i => grouping.sizes[i]).sort((a, b) => grouping.sizes[b] - grouping.sizes[a]).slice(0, maxBands).sort((a, b) => a - b);
    const left = grouping.sizes.filter(size => size > 0).length - order.length;
    order.forEach((group, i) => {
      const colour = box.palette.groups[i % box.palette.groups.length];
      /** @type {number[]} */
      const line = [];
      /** @type {number[]} */
      const upper = [];
      /** @type {number[]} */
      const lower = [];
      now.knots.forEach((knot, k) => {
        const values = [];
        for (let run = 0; run < view.runs.count; run++) if (view.mask[run] && grouping.of[run] === group && isFinite(now.values[k][run])) values.push(now.values[k][run]);
        if (!values.length) return;
        const px = plot.x + plot.w * now.x.map(knot);
        const py = (/** @type {number} */ value) => plot.y + plot.h * (1 - now.y.map(value));
        const [a, b] = quantiles(values, [0.25, 0.75]);
        line.push(px, py(values.reduce((sum, value) => sum + value, 0) / values.length));
        upper.push(px, py(b));
        lower.unshift(px, py(a));
      });
      surface.area([...upper, ...lower], colour, 0.16);
      if (line.length === 2) surface.dot(line[0], line[1], 4, colour);
      else surface.line(line, colour, 2.4);
      const y = plot.y + 8 + i * 18;
      const label = `${grouping.labels[group]} (${grouping.sizes[group]})`;
      surface.segments([beside + 8, y, beside + 24, y], colour, 3);
      surface.text(label, beside + 29, y, { color: box.palette.text, size: 11, most: box.w - beside - 32 });
    });
    if (left > 0) surface.text(`and ${left} smaller ${left === 1 ? 'group' : 'groups'}`, beside + 8, plot.y + 8 + order.length * 18, { color: box.palette.dim, size: 11 });
  }
}
