/** @import { Surface } from './surface.js' */

/** The number of bins of an axis. */
export const bins = 64;

/** The bin of a run without a value on an axis. */
export const noBin = 255;

const counts = new Uint32Array(bins * bins);
const sums = new Uint32Array(bins * bins);

/** The weight of a run in a sum of runs and of their levels, which are added as one number. The levels of six million runs stay below it. */
const oneRun = 2 ** 26;

/** The pairs of bins that have runs: the start and the rise of their line in rows, and the sum of the runs and of their levels. */
const [cellFrom, cellStep] = Array.from({ length: 2 }, () => new Float32Array(bins * bins));
const cellRuns = new Float64Array(bins * bins);

/**
 * @param {ArrayLike<number>} values
 * @param {(value: number) => number} map To 0 … 1.
 * @param {number} count
 * @param {Uint8Array} [target]
 * @returns {Uint8Array} The bin of each value.
 */
export function toBins(values, map, count, target = new Uint8Array(count)) {
  for (let i = 0; i < count; i++) {
    const t = map(values[i]);
    target[i] = t >= -1e-9 && t <= 1 + 1e-9 ? Math.min(bins - 1, Math.max(0, Math.floor(t * bins))) : noBin;
  }
  return target;
}

/**
 * Two neighbouring axes: the bin of each run on both, and their x positions in pixels.
 * @typedef {{left: Uint8Array, right: Uint8Array, x0: number, x1: number}} Pair
 */

/**
 * Draws all runs as a density between axes. Runs are counted by their pair of bins. Each pair with runs is one line; its opacity grows with the
 * logarithm of the count, and its colour is the mean of its runs. The cost per run is therefore one addition. The lines are summed in cells of two
 * by two pixels, which is ten times as fast as stroking them on the canvas.
 * @param {Surface} surface
 * @param {Pair[]} pairs From left to right.
 * @param {Uint8Array} mask 1 for the runs to draw, else 0.
 * @param {ArrayLike<number> | null} level The index into `ramp` of each run; null to draw all runs in `ramp[0]`.
 * @param {string[]} ramp The colours of the levels.
 * @param {number} top @param {number} bottom The y positions of the axes' ends in pixels; bin 0 is at the bottom.
 * @param {number} strength The largest opacity.
 */
export function paintPairs(surface, pairs, mask, level, ramp, top, bottom, strength) {
  if (!pairs.length) return;
  const [x0, x1] = [pairs[0].x0, pairs[pairs.length - 1].x1];
  const w = Math.max(1, Math.ceil((x1 - x0) / 2));
  const h = Math.max(1, Math.ceil((bottom - top) / 2));
  const [canvas, context] = scratch(w, h);
  const image = context.createImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  const table = ramp.map(rgbOf).map(([r, g, b]) => b << 16 | g << 8 | r);
  for (const pair of pairs) paintPair(pixels, w, h, Math.floor((pair.x0 - x0) / 2), Math.ceil((pair.x1 - x0) / 2), pair, mask, level, table, strength);
  context.putImageData(image, 0, 0);
  surface.image(canvas, x0, top, w * 2, h * 2, true);
}

/**
 * @param {Uint32Array} pixels The pixels of the image, as ABGR. @param {number} w @param {number} h
 * @param {number} from @param {number} to The columns of the image between the two axes.
 * @param {Pair} pair @param {Uint8Array} mask @param {ArrayLike<number> | null} level @param {number[]} table @param {number} strength
 */
function paintPair(pixels, w, h, from, to, { left, right }, mask, level, table, strength) {
  counts.fill(0);
  sums.fill(0);
  for (let run = 0; run < mask.length; run++) {
    if (!mask[run] || left[run] === noBin || right[run] === noBin) continue;
    const cell = left[run] << 6 | right[run];
    counts[cell]++;
    if (level) sums[cell] += level[run];
  }
  let cells = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (!counts[cell]) continue;
    const [start, end] = [((cell >> 6) + 0.5) / bins * h, ((cell & 63) + 0.5) / bins * h];
    cellFrom[cells] = start;
    cellStep[cells] = end - start;
    cellRuns[cells++] = counts[cell] * oneRun + sums[cell];
  }
  if (!cells) return;
  const columns = Math.min(w, to) - from;
  if (density.length < columns * h) density = new Float64Array(columns * h);
  density.fill(0, 0, columns * h);
  for (let x = 0; x < columns; x++) {
    const t = (x + 0.5) / columns;
    const column = x * h;
    for (let i = 0; i < cells; i++) density[column + (cellFrom[i] + cellStep[i] * t | 0)] += cellRuns[i];
    if (cells > maxWhole) continue;
    // A steep line crosses several rows within a column.
    for (let i = 0; i < cells; i++) {
      let at = column + (cellFrom[i] + cellStep[i] * t | 0);
      const last = column + (cellFrom[i] + cellStep[i] * (x + 1.5) / columns | 0);
      for (const step = last > at ? 1 : -1; Math.abs(last - at) > 1;) density[at += step] += cellRuns[i];
    }
  }
  let most = 0;
  for (let at = 0; at < columns * h; at++) if (density[at] > most) most = density[at];
  const depth = 0.8 / Math.log(1 + Math.floor(most / oneRun));
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < h; y++) {
      const at = x * h + y;
      let [sum, rows] = [density[at], 1];
      if (!sum) {
        if (cells <= maxWhole) continue;
        // Near an axis, lines start at the middle of its bins, which are more than one row apart. The rows between get the mean of their
        // neighbours, so that no stripes appear.
        const [below, above] = [nearRow(at, y, -1, h), nearRow(at, y, 1, h)];
        if (below < 0 || above < 0) continue;
        [sum, rows] = [density[below] + density[above], 2];
      }
      const runs = Math.floor(sum / oneRun);
      const alpha = 255 * strength * (0.2 + depth * Math.log(1 + runs / rows));
      pixels[(h - 1 - y) * w + from + x] = alpha << 24 | table[level ? Math.round((sum - runs * oneRun) / runs) : 0];
    }
}

/**
 * @param {number} at
 * @param {number} y Its row.
 * @param {number} step
 * @param {number} h
 * @returns {number} The index of the nearest row with runs among the next two in the direction of `step`, or −1.
 */
function nearRow(at, y, step, h) {
  for (let i = step; Math.abs(i) <= 2 && y + i >= 0 && y + i < h; i += step) if (density[at + i]) return at + i;
  return -1;
}

/** Up to this number of lines, all cells that a line crosses are filled. More lines cover the gaps in each other's steep parts. */
const maxWhole = 600;

/** The image between two axes, column by column: the sum of the runs that cross each cell and of their levels. */
let density = new Float64Array(0);

/** @type {HTMLCanvasElement | undefined} */
let scratchCanvas;

/**
 * @param {number} w
 * @param {number} h
 * @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} A shared canvas: its content is valid only until the next call.
 */
function scratch(w, h) {
  scratchCanvas ??= document.createElement('canvas');
  [scratchCanvas.width, scratchCanvas.height] = [w, h];
  return [scratchCanvas, /** @type {CanvasRenderingContext2D} */ (scratchCanvas.getContext('2d', { willReadFrequently: true }))];
}

/**
 * Draws points as a density: they are counted in cells of two by two pixels.
 * @param {Surface} surface
 * @param {{xs: ArrayLike<number>, ys: ArrayLike<number>, count: number}} points Positions in pixels; points with NaN are not drawn.
 * @param {(run: number) => number} colourOf The index of a run's colour, or −1 to leave the run out.
 * @param {string[]} colours
 * @param {{x: number, y: number, w: number, h: number}} plot
 * @param {boolean} [mean] Whether the colours are the steps of a ramp: then a cell has the mean colour of its points, else the colour of its last point.
 */
export function paintPoints(surface, points, colourOf, colours, plot, mean = true) {
  const { xs, ys, count } = points;
  const [w, h] = [Math.max(1, Math.ceil(plot.w / 2)), Math.max(1, Math.ceil(plot.h / 2))];
  const [seen, sum] = [new Uint32Array(w * h), new Uint32Array(w * h)];
  let most = 0;
  for (let run = 0; run < count; run++) {
    const index = colourOf(run);
    if (index < 0) continue;
    const x = Math.floor((xs[run] - plot.x) / 2);
    const y = Math.floor((ys[run] - plot.y) / 2);
    if (!(x >= 0 && x < w && y >= 0 && y < h)) continue;
    const cell = y * w + x;
    sum[cell] = mean ? sum[cell] + index : index;
    if (++seen[cell] > most) most = seen[cell];
  }
  if (most === 0) return;
  const [canvas, context] = scratch(w, h);
  const image = context.createImageData(w, h);
  const table = colours.map(rgbOf);
  for (let cell = 0; cell < seen.length; cell++) {
    if (!seen[cell]) continue;
    const [r, g, b] = table[mean ? Math.round(sum[cell] / seen[cell]) : sum[cell]];
    image.data.set([r, g, b, 90 + 165 * Math.log1p(seen[cell]) / Math.log1p(most)], cell * 4);
  }
  context.putImageData(image, 0, 0);
  surface.image(canvas, plot.x, plot.y, w * 2, h * 2);
}

/** @param {string} colour `#rrggbb` or `rgb(r g b)`. @returns {number[]} Red, green and blue in 0 … 255. */
export function rgbOf(colour) {
  return colour.startsWith('#')
    ? [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number);
}
