import { formatNumber, quantiles } from './scales.js';
/** @import { View } from './view.js' */

/** Numbers with more distinct values than this are grouped by quartiles. */
const maxValues = 12;

/**
 * A partition of the runs.
 * @typedef {object} Grouping
 * @property {string[]} labels
 * @property {Int32Array} of The group of each run.
 * @property {number[]} sizes The number of selected runs in each group.
 */

/**
 * @param {View} view
 * @param {string[]} keys The keys of columns. Runs with equal values in all of them are one group.
 * @returns {Grouping} The groups, in ascending order of their values.
 */
export function groupBy(view, keys) {
  const count = view.runs.count;
  const parts = keys.map(key => partition(view, key)).filter(one => one !== null);
  /** @type {Map<string, {label: string, order: number[], runs: number[]}>} */
  const groups = new Map();
  for (let run = 0; run < count; run++) {
    const values = parts.map(part => part.of(run));
    const key = values.join();
    let group = groups.get(key);
    if (!group) groups.set(key, group = { label: parts.map((part, i) => part.label(values[i])).join(' · '), order: values, runs: [] });
    group.runs.push(run);
  }
  const sorted = [...groups.values()].sort((a, b) => a.order.reduce((difference, value, i) => difference || value - b.order[i], 0));
  const of = new Int32Array(count);
  sorted.forEach((group, i) => group.runs.forEach(run => { of[run] = i; }));
  return { labels: sorted.map(group => group.label), of, sizes: sorted.map(group => group.runs.reduce((sum, run) => sum + view.mask[run], 0)) };
}

/**
 * @param {View} view
 * @param {string} key
 * @returns {{of: (run: number) => number, label: (value: number) => string} | null}
 */
function partition(view, key) {
  const column = view.column(key);
  if (!column) return null;
  const { values, categories } = column;
  const short = column.label.slice(column.label.lastIndexOf('.') + 1);
  if (categories) return { of: run => values[run], label: value => `${short} ${categories[value - 1] ?? 'none'}` };
  const different = new Set();
  for (let run = 0; run < view.runs.count && different.size <= maxValues; run++) if (!isNaN(values[run])) different.add(values[run]);
  if (different.size <= maxValues) return { of: run => isNaN(values[run]) ? -Infinity : values[run], label: value => `${short} ${isFinite(value) ? formatNumber(value) : 'none'}` };
  const bounds = quantiles(values, [0, 0.25, 0.5, 0.75, 1]);
  return {
    of: run => isNaN(values[run]) ? -1 : values[run] < bounds[1] ? 0 : values[run] < bounds[2] ? 1 : values[run] < bounds[3] ? 2 : 3,
    label: value => value < 0 ? `${short} none` : `${short} ${formatNumber(bounds[value], 3)} to ${formatNumber(bounds[value + 1], 3)}`,
  };
}
