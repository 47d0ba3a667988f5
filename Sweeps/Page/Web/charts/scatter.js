import { paintPoints } from '../density.js';
import { selectedRuns } from './parallel.js';
import { levels } from '../theme.js';
/** @import { Box, Rect, Spot } from '../card.js' */
/** @import { Surface } from '../surface.js' */
/** @import { View } from '../view.js' */
/** @import { Scale } from '../scales.js' */

/** The largest number of points that are drawn as circles; more are drawn as densities. */
const maxCircles = 2500;

/** A scatter plot with a point per run. */
export class Scatter {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.xs = new Float32Array(0);
    this.ys = new Float32Array(0);
    /** @type {Rect} */
    this.plot = { x: 0, y: 0, w: 1, h: 1 };
    /** @type {((run: number) => number) | null} The index of a run's colour; by default its level in the view. */
    this.colourOf = null;
    /** @type {string[] | null} */
    this.colours = null;
  }

  /**
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} ys
   * @param {Scale} x
   * @param {Scale} y
   * @param {Rect} plot
   * @param {string} [key] If the key and the plot are those of the last call, the positions are not computed again.
   */
  place(xs, ys, x, y, plot, key) {
    const count = this.view.runs.count;
    const now = key && `${key} ${plot.x} ${plot.y} ${plot.w} ${plot.h}`;
    if (now && now === this.key) return;
    this.key = now;
    if (this.xs.length !== count) [this.xs, this.ys] = [new Float32Array(count), new Float32Array(count)];
    for (let run = 0; run < count; run++) {
      this.xs[run] = plot.x + plot.w * x.map(xs[run]);
      const t = y.map(ys[run]);
      this.ys[run] = t < -0.001 || t > 1.001 ? NaN : plot.y + plot.h * (1 - t);
    }
    this.plot = plot;
  }

  /** @param {Surface} surface @param {Box} box */
  paint(surface, box) {
    const { view, xs, ys } = this;
    const { mask, level } = view;
    const count = view.runs.count;
    const colours = this.colours ?? box.palette.ramp;
    const colourOf = this.colourOf ?? (run => level[run]);
    const points = { xs, ys, count };
    if (count > maxCircles) {
      if (view.selected < count) paintPoints(surface, points, run => mask[run] ? -1 : 0, [box.palette.grid], this.plot);
      if (view.selected > maxCircles) return paintPoints(surface, points, run => mask[run] ? colourOf(run) : -1, colours, this.plot, !this.colours);
    }
    const radius = view.selected > 800 ? 2 : 3.2;
    if (count <= maxCircles && view.selected < count)
      for (let run = 0; run < count; run++) if (!mask[run] && !isNaN(ys[run]) && !isNaN(xs[run])) surface.dot(xs[run], ys[run], 2, box.palette.rest, undefined, 0.35);
    for (let colour = Math.max(levels, colours.length) - 1; colour >= 0; colour--)
      for (let run = 0; run < count; run++)
        if (mask[run] && colourOf(run) === colour && !isNaN(ys[run]) && !isNaN(xs[run])) surface.dot(xs[run], ys[run], radius, colours[colour], undefined, 0.85);
  }

  /** @param {Surface} surface @param {Box} box */
  overlay(surface, box) {
    const { view, xs, ys } = this;
    const mark = (/** @type {number} */ run, /** @type {number} */ radius, /** @type {string} */ edge) => {
      if (run >= 0 && run < xs.length && !isNaN(xs[run]) && !isNaN(ys[run])) surface.dot(xs[run], ys[run], radius, box.palette.accent, edge);
    };
    for (const run of view.picked) mark(run, 5, box.palette.text);
    mark(view.baseline, 5, box.palette.background);
    mark(view.hovered, 6, box.palette.text);
  }

  /** @param {number} x @param {number} y @returns {Spot | null} The nearest selected run within 14 pixels. */
  find(x, y) {
    let best = -1;
    let distance = 14 * 14;
    for (let run = 0; run < this.xs.length; run++) {
      if (!this.view.mask[run]) continue;
      const d = (this.xs[run] - x) ** 2 + (this.ys[run] - y) ** 2;
      if (d < distance) [best, distance] = [run, d];
    }
    return best < 0 ? null : { run: best };
  }

  selected() { return selectedRuns(this.view); }
}
