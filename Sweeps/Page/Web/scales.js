/**
 * A scale maps values to 0 … 1.
 * @typedef {object} Scale
 * @property {(value: number) => number} map
 * @property {(t: number) => number} invert
 * @property {(count: number) => number[]} ticks
 * @property {(value: number) => string} format
 * @property {string[]} [categories] The categories, if the values are indexes from 1 into them.
 */

const wholeNumbers = new Intl.NumberFormat('en-US');

/** @param {number} count @returns {string} The number with commas: 10,000. */
export function formatCount(count) { return wholeNumbers.format(count); }

/** @param {number} count @param {string} noun @returns {string} The number with the noun: 1 run, 2 runs. */
export function counted(count, noun) { return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`; }

/**
 * @param {number} value
 * @param {number} [digits]
 */
export function formatNumber(value, digits = 4) {
  if (!isFinite(value)) return isNaN(value) ? '' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return wholeNumbers.format(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return String(+value.toPrecision(digits));
}

/** @param {number} milliseconds */
export function formatDuration(milliseconds) {
  // Each number is rounded before it is divided into units: 119.7 s is 2 min, not 1 min 60 s.
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${formatNumber(milliseconds / 1000, 3)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** @param {number} at Milliseconds since 1970 (Unix time). */
export function formatMoment(at) {
  const date = new Date(at);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @param {number} [least] The smallest step between two ticks.
 * @param {number[]} [steps]
 */
function niceTicks(low, high, count, least = 0, steps = [1, 2, 5, 10]) {
  const raw = Math.max(least, (high - low) / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (steps.find(one => one * power >= raw) ?? 10);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(+(i * step).toPrecision(12));
  return ticks;
}

/** @param {number} low @param {number} high @returns {boolean} Whether `high` is above `low` by more than an error of rounding. */
function differ(low, high) { return high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)); }

/**
 * @param {number} low NaN if there are no values: then the axis has no ticks.
 * @param {number} high
 * @param {boolean} [whole] Whether the values are whole numbers: then the ticks are, too.
 * @returns {Scale}
 */
export function linearScale(low, high, whole = false) {
  // Values that differ only by rounding count as equal: the steps between ticks would be too small to change a number, and niceTicks would not end.
  // A single value is in the middle and is the only tick: other ticks would show values that may not be possible, such as an accuracy above 1.
  const single = !differ(low, high);
  const only = low;
  if (single) [low, high] = [only - Math.abs(only || 1) / 2, only + Math.abs(only || 1) / 2];
  return {
    map: value => (value - low) / (high - low),
    invert: t => low + t * (high - low),
    ticks: count => !single ? niceTicks(low, high, count, whole ? 1 : 0) : isFinite(only) ? [only] : [],
    format: formatNumber,
  };
}

/**
 * @param {number} low Above 0.
 * @param {number} high
 * @param {boolean} [whole]
 * @returns {Scale}
 */
export function logScale(low, high, whole = false) {
  if (!(low > 0) || !differ(low, high)) return linearScale(low, high, whole);
  const [from, to] = [Math.log(low), Math.log(high)];
  return {
    map: value => value > 0 ? (Math.log(value) - from) / (to - from) : NaN,
    invert: t => Math.exp(from + t * (to - from)),
    ticks: count => {
      const decades = (to - from) / Math.LN10;
      const mantissas = decades > count ? [1] : decades > count / 2 ? [1, 3] : decades >= 1 ? [1, 2, 5] : null;
      if (!mantissas) return niceTicks(low, high, count, whole ? 1 : 0);
      const ticks = [];
      const step = Math.max(1, Math.ceil(decades / count));
      for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += step)
        for (const mantissa of mantissas) {
          const tick = mantissa * 10 ** power;
          if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(+tick.toPrecision(6));
        }
      return ticks;
    },
    format: formatNumber,
  };
}

/**
 * @param {string[]} categories
 * @returns {Scale}
 */
export function categoryScale(categories) {
  const count = Math.max(1, categories.length);
  return {
    map: value => value >= 1 ? (value - 0.5) / count : NaN,
    invert: t => Math.min(count, Math.max(1, Math.floor(t * count) + 1)),
    ticks: most => categories.map((_, i) => i + 1).filter((_, i) => i % Math.ceil(count / Math.max(1, most)) === 0),
    format: value => categories[value - 1] ?? '',
    categories,
  };
}

/** @param {number} start Unix time or duration in milliseconds at which ticks count from 0. @param {number} end @returns {Scale} */
export function timeScale(start, end) {
  const span = Math.max(1, end - start);
  const units = [1, 1000, 60_000, 3_600_000, 86_400_000];
  const unit = units.findLast(one => span / one >= 2) ?? 1;
  const steps = unit === 1000 || unit === 60_000 ? [1, 2, 5, 10, 15, 30, 60] : undefined;
  return {
    map: value => (value - start) / span,
    invert: t => start + t * span,
    ticks: count => niceTicks(0, span / unit, count, 0, steps).map(tick => start + tick * unit),
    format: value => formatDuration(value - start),
  };
}

/**
 * @param {ArrayLike<number>} values
 * @param {boolean} [positive] Whether to ignore values that are not above 0.
 * @returns {[number, number]} The range of the finite values; NaN if there are none.
 */
export function extent(values, positive = false) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!isFinite(value) || (positive && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [NaN, NaN];
}

/**
 * @param {ArrayLike<number>} values
 * @param {number[]} shares In 0 … 1.
 * @returns {number[]} Quantiles of the finite values.
 */
export function quantiles(values, shares) {
  const finite = Float64Array.from(values).filter(isFinite).sort();
  return shares.map(share => finite.length ? finite[Math.min(finite.length - 1, Math.floor(share * finite.length))] : NaN);
}
