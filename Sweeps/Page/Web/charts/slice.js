import { choice, toggle } from '../dom.js';
import { frame, shown } from '../card.js';
import { selectedRuns } from './parallel.js';
import { Scatter } from './scatter.js';
import { rgbOf } from '../density.js';
import { groupBy } from '../groups.js';
import { levels } from '../theme.js';
import { counted, linearScale, extent, quantiles } from '../scales.js';
import { textWidth } from '../surface.js';
/** @import { Chart, Box, Rect } from '../card.js' */
/** @import { Surface } from '../surface.js' */
/** @import { View, RunColumn } from '../view.js' */
/** @import { Scale } from '../scales.js' */

/** @param {View} view @returns {[string, string][]} */
function parameterChoices(view) { return view.varying.map(one => ['p:' + one.name, one.name]); }

/** The parameter at an index of the list ordered by importance; parameters without an importance come last. @param {View} view @param {number} place */
function likely(view, place) {
  const names = /** @type {string[]} */ ((view.analysis?.parameters ?? []).map((/** @type {any} */ one) => one.name)).filter(name => view.varying.some(one => one.name === name));
  for (const one of view.varying) if (!names.includes(one.name)) names.push(one.name);
  return names.length ? 'p:' + names[Math.min(place, names.length - 1)] : '';
}

/** The objective against one parameter. @param {View} view @returns {Chart} */
export function sliceChart(view) {
  const scatter = new Scatter(view);
  const key = () => view.column(view.get('sc.x')) ? view.get('sc.x') : likely(view, 0);
  return {
    id: 'slice', title: 'Slice', help: 'The value of each run against one parameter.',
    height: width => width < 500 ? 260 : 320,
    controls: () => [
      view.varying.length ? choice('Parameter', parameterChoices(view), key(), value => view.set('sc.x', value)) : null,
      toggle('no outliers', 'Leave out the worst 5 % of the values', view.get('sc.cut') === '1', on => view.set('sc.cut', on ? '1' : '')),
    ],
    empty: () => !key() ? 'A slice needs a parameter that varies.' : view.runs.best < 0 ? 'No run has a value yet.' : '',
    paint(surface, box) {
      const column = view.column(key());
      const objective = view.column('objective');
      if (!column || !objective) return;
      let [low, high] = extent(objective.values);
      if (view.get('sc.cut') === '1') [low, high] = quantiles(objective.values, view.maximize ? [0.05, 1] : [0, 0.95]);
      const margin = (high - low) * 0.04;
      const [x, y] = [view.scale(column), linearScale(low - margin, high + margin)];
      const plot = frame(surface, box, x, y, { x: column.label, y: view.objective });
      scatter.place(spread(column, view.runs.count), objective.values, column.categories ? { ...x, map: value => (value - 0.5) / /** @type {string[]} */ (column.categories).length } : x, y, plot);
      scatter.paint(surface, box);
    },
    overlay: (surface, box) => scatter.overlay(surface, box),
    find: (x, y) => scatter.find(x, y),
    rows: () => view.rows([view.column(key()), view.column('objective')], scatter.selected()),
    caption: () => `${shown(view)}. Colour: rank by ${view.objective}.`,
  };
}

/**
 * The x values of the runs. The runs of a category are spread around its index, so that they do not cover each other.
 * @param {RunColumn} column
 * @param {number} count
 * @returns {ArrayLike<number>}
 */
function spread(column, count) {
  return column.categories ? Float64Array.from({ length: count }, (_, run) => column.values[run] ? column.values[run] + 0.6 * ((run * 0.6180339887 % 1) - 0.5) : NaN) : column.values;
}

const cells = 36;

/** The smoothed mean of the colour level over two parameters, with the runs as points. @param {View} view @returns {Chart} */
export function contourChart(view) {
  const scatter = new Scatter(view);
  const keyX = () => view.column(view.get('ct.x')) ? view.get('ct.x') : likely(view, 0);
  const keyY = () => view.column(view.get('ct.y')) ? view.get('ct.y') : likely(view, keyX() === likely(view, 0) ? 1 : 0);
  return {
    id: 'contour', title: 'Contour', help: 'The mean value over two parameters; the points are the runs.',
    height: width => width < 500 ? 280 : 320,
    controls: () => view.varying.length < 2 ? [] : [
      choice('Horizontal parameter', parameterChoices(view), keyX(), value => view.set('ct.x', value)),
      choice('Vertical parameter', parameterChoices(view), keyY(), value => view.set('ct.y', value)),
    ],
    empty: () => view.varying.length < 2 ? 'A contour needs two parameters that vary.' : keyX() === keyY() ? 'A contour needs two different parameters.' : view.runs.best < 0 ? 'No run has a value yet.' : '',
    paint(surface, box) {
      const [a, b] = [view.column(keyX()), view.column(keyY())];
      if (!a || !b) return;
      const [x, y] = [view.scale(a), view.scale(b)];
      const plot = frame(surface, box, x, y, { x: a.label, y: b.label });
      const [xs, ys] = [spread(a, view.runs.count), spread(b, view.runs.count)];
      const flat = (/** @type {RunColumn} */ column, /** @type {Scale} */ scale) => column.categories ? (/** @type {number} */ value) => (value - 0.5) / /** @type {string[]} */ (column.categories).length : scale.map;
      const [mapX, mapY] = [flat(a, x), flat(b, y)];
      meanField(surface, box, plot, xs, ys, mapX, mapY);
      scatter.place(xs, ys, { ...x, map: mapX }, { ...y, map: mapY }, plot);
      if (view.selected <= 4000)
        for (let run = 0; run < view.runs.count; run++) if (view.mask[run] && !isNaN(scatter.xs[run]) && !isNaN(scatter.ys[run])) surface.dot(scatter.xs[run], scatter.ys[run], 2, box.palette.background, box.palette.dim, 0.9);
    },
    overlay: (surface, box) => scatter.overlay(surface, box),
    find: (px, py) => scatter.find(px, py),
    rows: () => view.rows([view.column(keyX()), view.column(keyY()), view.column('objective')], scatter.selected()),
    caption: () => `${shown(view)}${view.selected > 4000 ? ' in the means; points only up to 4,000 runs' : ''}. Colour: weighted mean of the ranks by ${view.objective} nearby; pale where no run is near.`,
  };

  /**
   * @param {Surface} surface
   * @param {Box} box
   * @param {Rect} plot
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} ys
   * @param {(v: number) => number} mapX
   * @param {(v: number) => number} mapY
   */
  function meanField(surface, box, plot, xs, ys, mapX, mapY) {
    // Sum the levels in cells first: the cost of smoothing does not depend on the number of runs.
    const [sum, weight] = [new Float64Array(cells * cells), new Float64Array(cells * cells)];
    for (let run = 0; run < view.runs.count; run++) {
      const [u, v] = [mapX(xs[run]), mapY(ys[run])];
      if (!view.mask[run] || !(u >= 0 && u <= 1 && v >= 0 && v <= 1) || isNaN(view.runs.value[run])) continue;
      const cell = Math.min(cells - 1, Math.floor(v * cells)) * cells + Math.min(cells - 1, Math.floor(u * cells));
      sum[cell] += view.level[run];
      weight[cell]++;
    }
    const occupied = [...weight.keys()].filter(cell => weight[cell]);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = cells;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const image = context.createImageData(cells, cells);
    const table = box.palette.ramp.map(rgbOf);
    const field = new Float64Array(cells * cells).fill(NaN);
    const width = 2 * (cells * 0.07) ** 2;
    for (let cell = 0; cell < field.length; cell++) {
      const [cx, cy] = [cell % cells, Math.floor(cell / cells)];
      let [total, mass] = [0, 0];
      for (const other of occupied) {
        const near = Math.exp(-((other % cells - cx) ** 2 + (Math.floor(other / cells) - cy) ** 2) / width);
        total += near * sum[other];
        mass += near * weight[other];
      }
      if (mass > 1e-3) field[cell] = total / mass;
      const [r, g, b] = table[Math.min(levels - 1, Math.round(field[cell] || 0))];
      image.data.set([r, g, b, isNaN(field[cell]) ? 0 : 40 + 170 * Math.min(1, mass)], ((cells - 1 - cy) * cells + cx) * 4);
    }
    context.putImageData(image, 0, 0);
    surface.image(canvas, plot.x, plot.y, plot.w, plot.h, true);
    for (let level = 1; level < levels - 1; level += 2) surface.segments(isoline(field, level, plot), box.palette.text, 1, 0.35);
  }
}

/**
 * Marching squares: the line segments on which a field has the value `level`.
 * @param {Float64Array} field [cells, cells], the lowest row first; NaN for no value.
 * @param {number} level
 * @param {Rect} plot
 */
function isoline(field, level, plot) {
  /** @type {number[]} */
  const segments = [];
  const px = (/** @type {number} */ u) => plot.x + plot.w * (u + 0.5) / cells;
  const py = (/** @type {number} */ v) => plot.y + plot.h * (1 - (v + 0.5) / cells);
  for (let v = 0; v + 1 < cells; v++)
    for (let u = 0; u + 1 < cells; u++) {
      const corners = [[u, v], [u + 1, v], [u + 1, v + 1], [u, v + 1]];
      const values = corners.map(([x, y]) => field[y * cells + x]);
      if (values.some(isNaN)) continue;
      const crossings = [];
      for (let i = 0; i < 4; i++) {
        const [a, b] = [values[i], values[(i + 1) % 4]];
        if ((a < level) === (b < level)) continue;
        const t = (level - a) / (b - a);
        crossings.push([corners[i][0] + t * (corners[(i + 1) % 4][0] - corners[i][0]), corners[i][1] + t * (corners[(i + 1) % 4][1] - corners[i][1])]);
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) segments.push(px(crossings[i][0]), py(crossings[i][1]), px(crossings[i + 1][0]), py(crossings[i + 1][1]));
    }
  return segments;
}

const bars = 40;

/** A histogram of the objective for each category of a parameter. @param {View} view @returns {Chart} */
export function histogramChart(view) {
  /** @type {{y: number, h: number, lines: string[]}[]} */
  let rows = [];
  const key = () => view.column(view.get('hg.by')) ? view.get('hg.by') : view.varying.find(one => one.categories) ? 'p:' + view.varying.find(one => one.categories)?.name : likely(view, 0) || 'state';
  return {
    id: 'histogram', title: 'Values by category', help: 'The distribution of the values for each category of a parameter, with its median.',
    height: width => width < 500 ? 260 : 320,
    controls: () => [choice('Parameter', [...parameterChoices(view), ['state', 'state']], key(), value => view.set('hg.by', value))],
    empty: () => view.runs.best < 0 ? 'No run has a value yet.' : '',
    paint(surface, box) {
      const grouping = groupBy(view, [key()]);
      const groups = [...grouping.labels.keys()].filter(i => grouping.sizes[i]).slice(0, 12);
      const values = view.runs.value.subarray(0, view.runs.count);
      const [low, high] = extent(values);
      const x = linearScale(low, high);
      const names = groups.map(i => grouping.labels[i].slice(grouping.labels[i].indexOf(' ') + 1));
      const y = { map: (/** @type {number} */ value) => 1 - (value - 0.5) / groups.length, invert: (/** @type {number} */ t) => t, ticks: () => groups.map((_, i) => i + 1), format: (/** @type {number} */ value) => names[value - 1] };
      const sizes = groups.map(group => counted(grouping.sizes[group], 'run'));
      const plot = frame(surface, box, x, y, { x: view.objective, y: view.column(key())?.label ?? '', right: 16 + Math.max(0, ...sizes.map(size => textWidth(size, 11))) });
      const height = plot.h / Math.max(1, groups.length);
      rows = [];
      groups.forEach((group, i) => {
        const counts = new Uint32Array(bars);
        const mine = [];
        for (let run = 0; run < view.runs.count; run++) {
          if (!view.mask[run] || grouping.of[run] !== group || isNaN(values[run])) continue;
          counts[Math.min(bars - 1, Math.floor(x.map(values[run]) * bars))]++;
          mine.push(values[run]);
        }
        const base = plot.y + (i + 0.92) * height;
        const most = Math.max(1, ...counts);
        const colour = box.palette.groups[i % box.palette.groups.length];
        counts.forEach((count, bar) => { if (count) surface.rect(plot.x + plot.w * bar / bars, base - height * 0.8 * count / most, plot.w / bars - 1, height * 0.8 * count / most, colour, 0.85); });
        const [median] = quantiles(mine, [0.5]);
        if (!isNaN(median)) surface.segments([plot.x + plot.w * x.map(median), base - height * 0.84, plot.x + plot.w * x.map(median), base], box.palette.text, 2);
        surface.text(sizes[i], plot.x + plot.w + 12, base - height * 0.42, { color: box.palette.dim, size: 11 });
        const best = mine.reduce((one, value) => (view.maximize ? value > one : value < one) ? value : one, view.maximize ? -Infinity : Infinity);
        rows.push({ y: plot.y + i * height, h: height, lines: [grouping.labels[group], `${counted(mine.length, 'run')} with a value, median ${x.format(median)}, best ${x.format(best)}`] });
      });
    },
    find: (x, y) => rows.find(row => y >= row.y && y < row.y + row.h) ?? null,
    rows: () => view.rows([view.column(key()), view.column('objective')], selectedRuns(view)),
    caption: () => `${shown(view)}. The line across the bars is the median.`,
  };
}
