import { choice } from '../dom.js';
import { frame } from '../card.js';
import { State } from '../fold.js';
import { paintPoints } from '../density.js';
import { textWidth } from '../surface.js';
import { counted, linearScale, logScale, extent, quantiles, formatCount, formatNumber } from '../scales.js';
/** @import { Chart, Rect } from '../card.js' */
/** @import { View } from '../view.js' */

/** The outcomes of a run at a rung, by `Arrival.outcome`. */
const outcomes = ['continued', 'waits', 'stopped', 'trains to it'];

const maxDots = 3000;

/** @typedef {{run: number, rung: number, x: number, y: number, outcome: number, value: number}} Arrival */

/**
 * The rungs: the runs that reached each of them with their values, and whether each continued, waits or was stopped.
 * @param {View} view
 * @returns {Chart}
 */
export function rungsChart(view) {
  /** @type {Arrival[]} */
  let arrivals = [];
  const brackets = () => [...new Set(/** @type {number[][]} */ (view.log.about.rungs ?? []).map(([bracket]) => bracket))].sort((a, b) => a - b);
  const chosen = () => Math.min(Number(view.get('rg.bracket', '0')), Math.max(0, ...brackets()));
  const epochs = () => /** @type {number[][]} */ (view.log.about.rungs ?? []).filter(([bracket]) => bracket === chosen()).map(([, epoch]) => epoch).sort((a, b) => a - b);

  const collect = () => {
    const { log, runs } = view;
    const values = log.metric(view.objective)?.values.data;
    const rungs = epochs();
    arrivals = [];
    if (!values) return;
    const last = rungs[rungs.length - 1];
    for (let run = 0; run < runs.count; run++) {
      if (log.bracket.data[run] !== chosen() && brackets().length > 1) continue;
      let number = 0;
      for (let epoch = log.firstEpoch.data[run]; epoch >= 0 && log.epochRow.data[epoch] < runs.rows && number < last; epoch = log.nextEpoch.data[epoch]) {
        number++;
        const rung = rungs.indexOf(number);
        if (rung < 0) continue;
        const state = runs.state[run];
        const outcome = runs.epoch[run] > number || runs.promotedAt[run] === number || state === State.Running || state === State.Queued || state === State.Finished ? 0 : state === State.Paused ? 1 : 2;
        arrivals.push({ run, rung, x: 0, y: 0, outcome, value: values[epoch] });
      }
    }
  };

  return {
    id: 'rungs', title: 'Rungs', wide: true, help: 'Each run at each rung that it reached: its value there, and whether it continued, waits or was stopped.',
    height: width => width < 600 ? 320 : 380,
    controls: () => !epochs().length ? [] : [
      brackets().length > 1 ? choice('Bracket', brackets().map(one => /** @type {[string, string]} */ ([String(one), `bracket ${one}`])), String(chosen()), value => view.set('rg.bracket', value)) : null,
      choice('Values', [['', 'linear'], ['log', 'logarithmic'], ['cut', 'no outliers']], view.get('rg.scale'), value => view.set('rg.scale', value)),
    ],
    empty: () => epochs().length ? '' : 'The rules of this sweep have no rungs: no run is compared with others at an epoch.',
    paint(surface, box) {
      const rungs = epochs();
      collect();
      const { palette } = box;
      const colours = [palette.states[State.Finished], palette.states[State.Paused], palette.states[State.Stopped], palette.states[State.Running]];
      const values = arrivals.map(one => one.value);
      const logarithmic = view.get('rg.scale') === 'log';
      let [low, high] = extent(values, logarithmic);
      if (view.get('rg.scale') === 'cut') [low, high] = quantiles(values, view.maximize ? [0.1, 1] : [0, 0.9]);
      const margin = (high - low) * 0.04;
      const y = logarithmic ? logScale(low, high) : linearScale(low - margin, high + margin);
      const names = rungs.map(epoch => `epoch ${epoch}`);
      const x = { map: (/** @type {number} */ value) => (value - 0.5) / rungs.length, invert: (/** @type {number} */ t) => t, ticks: () => rungs.map((_, i) => i + 1), format: (/** @type {number} */ value) => names[value - 1], categories: names };
      const plot = frame(surface, box, x, y, { x: 'rung', y: view.objective, top: 62 });
      const width = plot.w / rungs.length;
      const counts = rungs.map(() => [0, 0, 0]);
      for (const one of arrivals) {
        counts[one.rung][one.outcome]++;
        // The x position depends only on the run's number, so that a run keeps it. Multiples of the golden ratio spread the runs evenly.
        one.x = plot.x + width * (one.rung + 0.12 + 0.76 * (one.run * 0.6180339887 % 1));
        const t = y.map(one.value);
        one.y = t < 0 || t > 1 || isNaN(t) ? NaN : plot.y + plot.h * (1 - t);
      }
      const shown = arrivals.filter(one => view.mask[one.run]);
      if (shown.length > maxDots)
        for (const outcome of [2, 1, 0]) {
          const part = shown.filter(one => one.outcome === outcome);
          paintPoints(surface, { xs: part.map(one => one.x), ys: part.map(one => one.y), count: part.length }, () => 0, [colours[outcome]], plot);
        }
      else {
        for (const one of arrivals) if (!view.mask[one.run] && !isNaN(one.y)) surface.dot(one.x, one.y, 1.8, palette.rest, undefined, 0.35);
        for (const one of shown) if (!isNaN(one.y)) surface.dot(one.x, one.y, 3, colours[one.outcome], undefined, 0.85);
      }
      rungs.forEach((_, i) => {
        const [on, waits, stopped] = counts[i];
        const total = on + waits + stopped;
        const left = plot.x + width * (i + 0.08);
        let at = left;
        counts[i].forEach((count, outcome) => {
          const length = width * 0.84 * count / Math.max(1, Math.max(...counts.map(row => row[0] + row[1] + row[2])));
          surface.rect(at, 26, length, 10, colours[outcome]);
          at += length;
        });
        surface.text(`${formatCount(total)} arrived`, left, 16, { color: palette.text, size: 11, bold: true, most: width * 0.9 });
        const ends = [on && `${formatCount(on)} continued`, waits && `${formatCount(waits)} ${waits === 1 ? 'waits' : 'wait'}`, stopped && `${formatCount(stopped)} stopped`].filter(Boolean);
        while (ends.length > 1 && textWidth(ends.join(', '), 11) > width * 0.9) ends.pop();
        surface.text(ends.join(', '), left, 47, { color: palette.dim, size: 11, most: width * 0.9 });
        if (on && total > on) {
          const worst = arrivals.filter(one => one.rung === i && one.outcome === 0).reduce((cut, one) => view.maximize ? Math.min(cut, one.value) : Math.max(cut, one.value), view.maximize ? Infinity : -Infinity);
          const t = y.map(worst);
          if (t >= 0 && t <= 1) surface.segments([plot.x + width * (i + 0.06), plot.y + plot.h * (1 - t), plot.x + width * (i + 0.94), plot.y + plot.h * (1 - t)], palette.text, 1, 0.7, [4, 3]);
        }
      });
    },
    overlay(surface, box) {
      for (const run of [...view.picked, view.baseline, view.hovered]) {
        const line = arrivals.filter(one => one.run === run && !isNaN(one.y));
        if (!line.length) continue;
        surface.line(line.flatMap(one => [one.x, one.y]), box.palette.accent, 1.6);
        for (const one of line) surface.dot(one.x, one.y, 5, box.palette.accent, box.palette.text);
      }
    },
    find(x, y) {
      /** @type {Arrival | null} */
      let best = null;
      let distance = 144;
      for (const one of arrivals) {
        if (!view.mask[one.run]) continue;
        const d = (one.x - x) ** 2 + (one.y - y) ** 2;
        if (d < distance) [best, distance] = [one, d];
      }
      return best && { run: best.run, lines: [`at epoch ${epochs()[best.rung]}: ${formatNumber(best.value)}, ${outcomes[best.outcome]}`] };
    },
    rows: () => [['rung', 'run', view.objective, 'outcome'], ...arrivals.map(one => [epochs()[one.rung], one.run, one.value, outcomes[one.outcome]])],
    caption: () => `${formatCount(arrivals.filter(one => view.mask[one.run]).length)} of ${counted(arrivals.length, 'arrival')} at ${counted(epochs().length, 'rung')} shown. Green: continued; orange: waits; purple: stopped; dashed: the worst value that continued.`,
  };
}
