/** @import { Surface } from './surface.js' */

/** Bins of an axis. */
export const bins = 64;

/** A run without a value at an axis. */
export const noBin = 255;

const counts = new Uint32Array(bins * bins);
const sums = new Uint32Array(bins * bins);

/** The pairs of bins that have runs: their ends, how many runs, and these times their mean level. */
const [cellFrom, cellStep, cellWeight, cellLevel] = Array.from({ length: 4 }, () => new Float32Array(bins * bins));

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
 * Two axes beside each other: the bins of each run, and their places in pixels.
 * @typedef {{left: Uint8Array, right: Uint8Array, x0: number, x1: number}} Pair
 */

/**
 * Draws all runs between axes: runs are counted by their pair of bins, and each pair is one line, the darker the more runs it has, in the mean colour of
 * its runs. A run more or less never costs more than a count. The lines are added up in cells of two pixels, which is ten times as fast as to stroke them.
 * @param {Surface} surface
 * @param {Pair[]} pairs From left to right.
 * @param {Uint8Array} mask 1 for the runs that count.
 * @param {ArrayLike<number> | null} level Of colour, for each run; null for one colour.
 * @param {string[]} ramp One colour without levels.
 * @param {number} top @param {number} bottom Pixels of the axes' ends; bin 0 is at the bottom.
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
 * @param {Uint32Array} pixels Of the picture. @param {number} w @param {number} h
 * @param {number} from @param {number} to Its columns between the axes.
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
    cellWeight[cells] = counts[cell];
    cellLevel[cells++] = sums[cell];
  }
  if (!cells) return;
  const columns = Math.min(w, to) - from;
  if (density.length < columns * h) [density, colour] = [new Float32Array(columns * h), new Float32Array(columns * h)];
  density.fill(0, 0, columns * h);
  colour.fill(0, 0, columns * h);
  let most = 0;
  for (let x = 0; x < columns; x++) {
    const t = (x + 0.5) / columns;
    const column = x * h;
    for (let i = 0; i < cells; i++) {
      let at = column + (cellFrom[i] + cellStep[i] * t | 0);
      density[at] += cellWeight[i];
      colour[at] += cellLevel[i];
      if (cells > mostWhole) continue;
      // A steep line passes several cells of a column.
      const last = column + (cellFrom[i] + cellStep[i] * (x + 1.5) / columns | 0);
      for (const step = last > at ? 1 : -1; Math.abs(last - at) > 1;) {
        at += step;
        density[at] += cellWeight[i];
        colour[at] += cellLevel[i];
      }
    }
    for (let at = column; at < column + h; at++) if (density[at] > most) most = density[at];
  }
  const depth = 1 / Math.log1p(most);
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < h; y++) {
      const at = x * h + y;
      let [value, sum] = [density[at], colour[at]];
      if (!value) {
        if (cells <= mostWhole) continue;
        // Near an axis the lines are as far apart as its bins, which are more than a row high: a row between two of them is their mean.
        const [below, above] = [nearRow(at, y, -1, h), nearRow(at, y, 1, h)];
        if (below < 0 || above < 0) continue;
        [value, sum] = [(density[below] + density[above]) / 2, (colour[below] + colour[above]) / 2];
      }
      const alpha = 255 * strength * (0.2 + 0.8 * Math.log1p(value) * depth);
      pixels[(h - 1 - y) * w + from + x] = alpha << 24 | table[level ? Math.round(sum / value) : 0];
    }
}

/** @param {number} at @param {number} y Its row. @param {number} step @param {number} h @returns {number} The nearest of two rows that has runs, or −1. */
function nearRow(at, y, step, h) {
  for (let i = step; Math.abs(i) <= 2 && y + i >= 0 && y + i < h; i += step) if (density[at + i]) return at + i;
  return -1;
}

/** Of so many lines each cell that they pass is filled; more cover the steps of each other. */
const mostWhole = 600;

/** The picture between two axes, column by column: how many runs pass a cell, and the sum of their levels. */
let density = new Float32Array(0);
let colour = new Float32Array(0);

/** @type {HTMLCanvasElement | undefined} */
let scratchCanvas;

/** @param {number} w @param {number} h @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} A canvas that is drawn before it is asked for again. */
function scratch(w, h) {
  scratchCanvas ??= document.createElement('canvas');
  [scratchCanvas.width, scratchCanvas.height] = [w, h];
  return [scratchCanvas, /** @type {CanvasRenderingContext2D} */ (scratchCanvas.getContext('2d', { willReadFrequently: true }))];
}

/**
 * Draws points by counting them in cells of two pixels.
 * @param {Surface} surface
 * @param {{xs: ArrayLike<number>, ys: ArrayLike<number>, count: number}} points Pixels; NaN for none.
 * @param {(run: number) => number} colourOf Index of the colour of a run, −1 to leave it out.
 * @param {string[]} colours
 * @param {{x: number, y: number, w: number, h: number}} plot
 * @param {boolean} [mean] Whether colours are steps of a ramp, so that a cell has the mean of its points; else it has that of the last one.
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

/** @param {string} colour <c>#rrggbb</c> or <c>rgb(r g b)</c>. @returns {number[]} */
export function rgbOf(colour) {
  return colour.startsWith('#')
    ? [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number);
}
