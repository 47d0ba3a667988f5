import { levels } from './theme.js';
/** @import { Surface } from './surface.js' */

/** Bins of an axis. */
export const bins = 64;

/** A run without a value at an axis. */
export const noBin = 255;

const counts = new Uint32Array(bins * bins);
const sums = new Uint32Array(bins * bins);

/** Shades of a density. */
const shades = 5;

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
 * Draws all runs between two axes: runs are counted by their pair of bins, and each pair is one line, the darker the more runs it has, in the mean colour of
 * its runs. A run more or less never costs more than a count.
 * @param {Surface} surface
 * @param {Uint8Array} left @param {Uint8Array} right Bins of each run.
 * @param {Uint8Array} mask 1 for the runs that count.
 * @param {ArrayLike<number> | null} level Of colour, for each run; null for one colour.
 * @param {string[]} ramp One colour without levels.
 * @param {{x0: number, x1: number, y0: number, y1: number, low?: number, high?: number}} place Pixels of the axes, and of their ends: y0 is that of 0.
 * @param {number} strength The largest opacity.
 */
export function paintPairs(surface, left, right, mask, level, ramp, place, strength) {
  counts.fill(0);
  if (level) sums.fill(0);
  for (let run = 0; run < mask.length; run++) {
    if (!mask[run] || left[run] === noBin || right[run] === noBin) continue;
    const cell = left[run] << 6 | right[run];
    counts[cell]++;
    if (level) sums[cell] += level[run];
  }
  let most = 0;
  for (let cell = 0; cell < counts.length; cell++) if (counts[cell] > most) most = counts[cell];
  if (most === 0) return;
  const depth = Math.log1p(most);
  /** @type {number[][]} */
  const buckets = Array.from({ length: levels * shades }, () => []);
  const step = (place.y1 - place.y0) / bins;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell];
    if (!count) continue;
    const shade = Math.min(shades - 1, Math.floor(shades * Math.log1p(count) / depth));
    const colour = level ? Math.round(sums[cell] / count) : 0;
    buckets[colour * shades + shade].push(place.x0, place.y0 + ((cell >> 6) + 0.5) * step, place.x1, place.y0 + ((cell & 63) + 0.5) * step);
  }
  // The best lie on top.
  for (let colour = levels - 1; colour >= 0; colour--)
    for (let shade = 0; shade < shades; shade++) {
      const lines = buckets[colour * shades + shade];
      if (lines.length) surface.segments(lines, ramp[Math.min(colour, ramp.length - 1)], 1.3, strength * (0.12 + 0.88 * ((shade + 1) / shades) ** 1.5));
    }
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
    const colour = colourOf(run);
    if (colour < 0) continue;
    const x = Math.floor((xs[run] - plot.x) / 2);
    const y = Math.floor((ys[run] - plot.y) / 2);
    if (!(x >= 0 && x < w && y >= 0 && y < h)) continue;
    const cell = y * w + x;
    sum[cell] = mean ? sum[cell] + colour : colour;
    if (++seen[cell] > most) most = seen[cell];
  }
  if (most === 0) return;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [w, h];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
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
