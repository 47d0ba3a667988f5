import { RunsAt, stateNames } from './fold.js';
import { categoryScale, extent, formatDuration, formatMoment, formatNumber, linearScale, logScale, quantiles, timeScale } from './scales.js';
import { searchFor } from './dom.js';
import { levels } from './theme.js';
/** @import { SweepLog } from './log.js' */
/** @import { Settings } from './settings.js' */
/** @import { Scale } from './scales.js' */

/**
 * A column of values, one per run.
 * @typedef {object} RunColumn
 * @property {string} key
 * @property {string} label
 * @property {'number' | 'category' | 'duration' | 'moment'} type
 * @property {ArrayLike<number>} values A run without a value has NaN, or 0 for a category.
 * @property {string[]} [categories]
 * @property {boolean} [log] Whether the scale is logarithmic by default.
 * @property {number} [low]
 * @property {number} [high]
 * @property {boolean} [whole] Whether the values are whole numbers.
 */

/** @typedef {'data' | 'mask' | 'hover' | 'settings'} Change The part of the view that has changed: rows or the analysis, the selection, the hovered run, or a setting. */

/** The state of one sweep after an event, with the selection of runs. All charts of the sweep share it. */
export class View {
  /**
   * @param {SweepLog} log
   * @param {Settings} settings
   * @param {string} prefix The prefix of the view's keys in the settings; empty for the first sweep.
   */
  constructor(log, settings, prefix) {
    this.log = log;
    this.settings = settings;
    this.prefix = prefix;
    this.runs = new RunsAt(log);
    this.version = 0;
    /** @type {Map<string, {version: number, column: RunColumn}>} */
    this.cache = new Map();
    this.mask = new Uint8Array(0);
    this.selected = 0;
    this.level = new Uint8Array(0);
    this.hovered = -1;
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    /** @type {any} The server's analysis of the shown state, or null. */
    this.analysis = null;
    this.refresh();
  }

  /** @param {string} key @param {string} [otherwise] */
  get(key, otherwise = '') { return this.settings.get(this.prefix + key, otherwise); }

  /** @param {string} key @param {string} value @param {Change} [change] */
  set(key, value, change = 'settings') {
    this.settings.set(this.prefix + key, value);
    if (change === 'mask') this.select();
    else this.changed(change);
  }

  /** @param {Change} change */
  changed(change) { for (const listener of this.listeners) listener(change); }

  /** The number of the last event that the view shows; null for all events. */
  get cut() { return this.get('seq') ? Number(this.get('seq')) : null; }

  get maximize() { return !!this.log.about.maximize; }

  get objective() { return /** @type {string} */ (this.log.about.objective); }

  /** The parameters with at least two different values. */
  get varying() {
    const { log } = this;
    return log.parameters.filter(({ values }) => {
      for (let run = 1; run < this.runs.count; run++)
        if (values.data[run] !== values.data[0] && !(isNaN(values.data[run]) && isNaN(values.data[0]))) return true;
      return false;
    });
  }

  /** Updates the view after new rows or the choice of another event. */
  refresh() {
    this.runs.goTo(this.cut === null ? this.log.rows : this.log.rowsUpTo(this.cut));
    this.version++;
    this.rank();
    this.select();
    this.changed('data');
  }

  /** Computes the colour level of each run from the rank of its value: 0 for the best twelfth of the runs. */
  rank() {
    const { runs } = this;
    if (this.level.length < runs.count) this.level = new Uint8Array(Math.max(runs.count, 2 * this.level.length));
    const values = runs.value.subarray(0, runs.count);
    const bounds = quantiles(values, Array.from({ length: levels - 1 }, (_, i) => (i + 1) / levels));
    for (let run = 0; run < runs.count; run++) {
      const value = values[run];
      let level = 0;
      if (!isFinite(value)) level = levels - 1;
      else if (this.maximize) { for (let i = bounds.length - 1; i >= 0 && value < bounds[i]; i--) level++; }
      else while (level < bounds.length && value > bounds[level]) level++;
      this.level[run] = level;
    }
  }

  /** @returns {Record<string, [number, number] | string[]>} The brushes, by the key of their column. */
  get brushes() {
    try {
      return JSON.parse(this.get('brush', '{}'));
    } catch {
      return {};
    }
  }

  /** @param {string} key @param {[number, number] | string[] | null} range */
  brush(key, range) {
    const brushes = this.brushes;
    if (range) brushes[key] = range;
    else delete brushes[key];
    this.set('brush', Object.keys(brushes).length ? JSON.stringify(brushes) : '', 'mask');
  }

  get hiddenStates() { return new Set(this.get('hide').split(',').filter(Boolean).map(Number)); }

  /** Computes the mask of selected runs from brushes, search and hidden states. */
  select() {
    const { runs } = this;
    const count = runs.count;
    if (this.mask.length !== count) this.mask = new Uint8Array(count);
    const mask = this.mask.fill(1);
    for (const [key, range] of Object.entries(this.brushes)) {
      const column = this.column(key);
      if (!column || !Array.isArray(range)) continue;
      const { values, categories } = column;
      if (categories) {
        const allowed = categories.map(name => /** @type {any[]} */ (range).includes(name));
        for (let run = 0; run < count; run++) if (!allowed[values[run] - 1]) mask[run] = 0;
      } else {
        const [low, high] = /** @type {[number, number]} */ (range);
        for (let run = 0; run < count; run++) if (!(values[run] >= low && values[run] <= high)) mask[run] = 0;
      }
    }
    const hidden = this.hiddenStates;
    if (hidden.size) for (let run = 0; run < count; run++) if (hidden.has(runs.state[run])) mask[run] = 0;
    const search = searchFor(this.get('find'));
    if (search) for (let run = 0; run < count; run++) if (mask[run] && !search.test(this.describe(run))) mask[run] = 0;
    let selected = 0;
    for (let run = 0; run < count; run++) selected += mask[run];
    this.selected = selected;
    this.changed('mask');
  }

  /** @param {number} run @returns {string} The text that the search matches: `run 17 finished optimizer=adam`, with tags and notes. */
  describe(run) {
    let text = `run ${run} ${stateNames[this.runs.state[run]]}`;
    for (const parameter of this.log.parameters) {
      const value = parameter.values.data[run];
      if (parameter.categories ? value > 0 : !isNaN(value)) text += ` ${parameter.name}=${parameter.categories ? parameter.categories[value - 1] : formatNumber(value)}`;
    }
    if (!this.log.noteRows.has(run)) return text;
    const { tags, notes } = this.log.annotations(run, this.runs.rows);
    return [text, ...tags, ...notes.map(note => note.text)].join(' ');
  }

  /** The keys of all columns: the run, its varying parameters, its metrics. */
  get keys() {
    return ['run', 'state', ...(this.log.noted ? ['tags', 'notes'] : []), 'objective', 'epoch', ...this.varying.map(one => 'p:' + one.name),
      ...this.log.metrics.filter(one => one.name !== this.objective).map(one => 'm:' + one.name), 'bestEpoch', 'trained', 'created', 'node', 'wasted', 'bracket'];
  }

  /**
   * @param {string} key
   * @returns {RunColumn | null} Null for an unknown key.
   */
  column(key) {
    const cached = this.cache.get(key);
    if (cached?.version === this.version) return cached.column;
    const column = this.build(key);
    if (column) this.cache.set(key, { version: this.version, column });
    return column;
  }

  /** @param {string} key @returns {RunColumn | null} */
  build(key) {
    const { log, runs } = this;
    const count = runs.count;
    const each = (/** @type {(run: number) => number} */ value) => Float64Array.from({ length: count }, (_, run) => value(run));
    const number = (/** @type {string} */ label, /** @type {ArrayLike<number>} */ values, whole = false) => /** @type {RunColumn} */ ({ key, label, type: 'number', values, whole });
    if (key.startsWith('p:')) {
      const parameter = log.parameters.find(one => one.name === key.slice(2));
      return parameter ? {
        key, label: parameter.name, type: parameter.categories ? 'category' : 'number', values: parameter.values.data.subarray(0, count),
        categories: parameter.categories, log: parameter.log, low: parameter.low, high: parameter.high, whole: parameter.integer,
      } : null;
    }
    if (key.startsWith('m:')) {
      const metric = log.metric(key.slice(2));
      const at = this.get('value', 'best') === 'last' ? runs.lastEpoch : runs.bestEpoch;
      const label = metric && log.parameters.some(one => one.name === metric.name) ? `${metric.name} (reported)` : metric?.name ?? '';
      return metric ? number(label, each(run => at[run] < 0 ? NaN : metric.values.data[at[run]])) : null;
    }
    switch (key) {
      case 'objective': {
        const last = this.get('value', 'best') === 'last';
        const values = log.metric(this.objective)?.values.data;
        return number(this.objective, last && values ? each(run => runs.lastEpoch[run] < 0 ? NaN : values[runs.lastEpoch[run]]) : runs.value.subarray(0, count));
      }
      case 'run': return number('run', each(run => run), true);
      case 'epoch': return number('epoch', runs.epoch.subarray(0, count), true);
      case 'bestEpoch': return number('best epoch', each(run => runs.bestEpoch[run] < 0 ? NaN : log.epochNumber.data[runs.bestEpoch[run]]), true);
      case 'wasted': return number('epochs repeated', runs.wastedEpochs.subarray(0, count), true);
      case 'bracket': return number('bracket', log.bracket.data.subarray(0, count), true);
      case 'trained': return { key, label: 'trained for', type: 'duration', values: runs.trained.subarray(0, count) };
      case 'created': return { key, label: 'created', type: 'moment', values: each(run => log.at.data[log.createdRow.data[run]]) };
      case 'state': return { key, label: 'state', type: 'category', values: each(run => runs.state[run] + 1), categories: stateNames };
      case 'tags': return this.texts(key, run => log.annotations(run, runs.rows).tags.join(', '));
      case 'notes': return this.texts(key, run => log.annotations(run, runs.rows).notes.map(note => note.text).join(' · '));
      case 'node': return { key, label: 'node', type: 'category', values: each(run => runs.node[run] + 1), categories: log.nodes };
      default: return null;
    }
  }

  /**
   * A column of texts for which most runs have none.
   * @param {string} key
   * @param {(run: number) => string} text
   * @returns {RunColumn}
   */
  texts(key, text) {
    const values = new Float64Array(this.runs.count);
    /** @type {Map<string, number>} The texts with their indexes from 1. */
    const indexes = new Map();
    for (const run of this.log.noteRows.keys()) {
      const one = run >= 0 && run < values.length ? text(run) : '';
      if (!one) continue;
      if (!indexes.has(one)) indexes.set(one, indexes.size + 1);
      values[run] = indexes.get(one) ?? 0;
    }
    return { key, label: key, type: 'category', values, categories: [...indexes.keys()] };
  }

  /**
   * @param {RunColumn} column
   * @param {boolean} [logarithmic]
   * @returns {Scale}
   */
  scale(column, logarithmic = column.log ?? false) {
    if (column.categories) return categoryScale(column.categories);
    const [low, high] = extent(column.values, logarithmic);
    if (column.type === 'moment') return timeScale(Math.min(low, this.log.startedAt), high);
    if (column.type === 'duration' && !logarithmic) return timeScale(0, high);
    return logarithmic ? logScale(low, high, column.whole) : linearScale(low, high, column.whole);
  }

  /**
   * @param {RunColumn} column
   * @param {number} run
   * @returns {string}
   */
  show(column, run) {
    const value = column.values[run];
    if (column.categories) return column.categories[value - 1] ?? '';
    if (isNaN(value)) return '';
    if (column.type === 'duration') return formatDuration(value);
    if (column.type === 'moment') return formatMoment(value);
    return formatNumber(value, 5);
  }

  /**
   * @param {(RunColumn | null)[]} columns
   * @param {number[]} runs
   * @returns {(string | number)[][]} A header row, then the number and the values of each run without rounding, for a CSV file.
   */
  rows(columns, runs) {
    const shown = columns.filter(column => column !== null);
    const exact = (/** @type {RunColumn} */ { type, categories, values }, /** @type {number} */ run) =>
      categories ? categories[values[run] - 1] ?? '' : type === 'duration' ? values[run] / 1000 : type === 'moment' ? new Date(values[run]).toISOString() : values[run];
    return [['run', ...shown.map(column => column.type === 'duration' ? `${column.label} (s)` : column.label)], ...runs.map(run => [run, ...shown.map(column => exact(column, run))])];
  }

  /** @param {number} limit @returns {number[]} The best selected runs, best first. */
  top(limit) {
    const { runs } = this;
    const sign = this.maximize ? -1 : 1;
    /** @type {number[]} */
    const best = [];
    let worst = Infinity;
    for (let run = 0; run < runs.count; run++) {
      const value = sign * runs.value[run];
      if (!this.mask[run] || !isFinite(value) || (best.length === limit && value >= worst)) continue;
      let place = best.length;
      while (place > 0 && value < sign * runs.value[best[place - 1]]) place--;
      best.splice(place, 0, run);
      if (best.length > limit) best.pop();
      worst = sign * runs.value[best[best.length - 1]];
    }
    return best;
  }

  /** The runs that the user picked, in the order of picking. */
  get picked() { return this.get('runs').split(',').filter(Boolean).map(Number).filter(run => run < this.runs.count); }

  /** @param {number} run @param {boolean} [more] Whether the other runs stay picked. */
  pick(run, more = false) {
    const picked = this.picked;
    const next = picked.includes(run) ? more ? picked.filter(one => one !== run) : picked.length > 1 ? [run] : [] : more ? [...picked, run] : [run];
    this.set('runs', next.join(','), 'hover');
  }

  /** The run to which the table and the comparison show differences, or −1. */
  get baseline() { return this.get('base') && Number(this.get('base')) < this.runs.count ? Number(this.get('base')) : -1; }

  /** @param {number} run */
  hover(run) {
    if (this.hovered === run) return;
    this.hovered = run;
    this.changed('hover');
  }
}
