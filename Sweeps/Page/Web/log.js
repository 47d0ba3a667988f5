import { Column, readBlock } from './decode.js';

/** The kind of a row, as in RowKind.cs. */
export const Kind = Object.freeze({
  Created: 0, Assigned: 1, Epoch: 2, Paused: 3, Promoted: 4, Stopped: 5, Finished: 6, Diverged: 7, Failed: 8, Lost: 9, Released: 10,
  Retried: 11, Wasted: 12, Tested: 13, Pinned: 14, Reopened: 15, Status: 16, Steered: 17, Noted: 18,
});

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {number} [low] The range of a number.
 * @property {number} [high]
 * @property {boolean} [log]
 * @property {boolean} [integer]
 * @property {string[]} [categories] The categories, if the parameter has some. Then the values are indexes from 1, or 0 for a run without the parameter.
 * @property {boolean} conditional
 * @property {Column} values One per run.
 */

/** The rows of a sweep's log. Blocks append rows; existing rows do not change. */
export class SweepLog {
  constructor() {
    /** @type {any} The header of the last block: the settings of the sweep file. */
    this.about = {};
    this.kind = new Column();
    this.seq = new Column();
    this.at = new Column();
    this.run = new Column();
    this.text = new Column();
    /** The index of the row in the columns of its kind, −1 if the kind has no columns. */
    this.detail = new Column();
    this.bracket = new Column();
    this.maxEpochs = new Column();
    this.createdRow = new Column();
    this.node = new Column();
    this.until = new Column();
    this.wasted = new Column();
    this.epochRow = new Column();
    this.epochRun = new Column();
    this.epochNumber = new Column();
    this.duration = new Column();
    /** The epochs of a run form a linked list: the first and the last epoch of each run, and the next one of each epoch; −1 for none. */
    this.firstEpoch = new Column();
    this.lastEpoch = new Column();
    this.nextEpoch = new Column();
    /** @type {Parameter[]} */
    this.parameters = [];
    /** @type {{name: string, values: Column}[]} */
    this.metrics = [];
    /** @type {string[]} */
    this.nodes = [];
    /** @type {string[]} */
    this.templates = [];
    /** @type {Record<string, number>[]} */
    this.tested = [];
    /** @type {{first: number, text: string, lines: string[] | null}[]} The numbers of the texts, one part per block; `first` is the index of its first text. */
    this.numbers = [];
    this.texts = 0;
    /** The index of each row's text, −1 without one. */
    this.textIndex = new Column();
    /** @type {Map<number, number[]>} The rows with names, notes and tags of each run, and of the sweep (−1). */
    this.noteRows = new Map();
    /** The number of rows with names, notes and tags. */
    this.noted = 0;
    /** Whether the sweep was deleted since its log was loaded. */
    this.deleted = false;
  }

  get rows() { return this.kind.length; }
  get runs() { return this.createdRow.length; }
  get epochs() { return this.epochRow.length; }
  get lastSeq() { return this.rows ? this.seq.data[this.rows - 1] : 0; }
  get startedAt() { return this.rows ? this.at.data[0] : 0; }

  /** @param {ArrayBuffer} buffer A block. It is ignored unless its first row is the next row of the log. */
  append(buffer) {
    const { header, columns } = readBlock(buffer);
    if (header.from !== this.rows) return false;
    const number = (/** @type {string} */ name) => /** @type {Float64Array} */ (columns.get(name));
    this.about = header;
    this.useParameters(header.parameters);
    this.useMetrics(header.metrics);
    for (const name of ['seq', 'at', 'run', 'text', 'kind']) /** @type {any} */ (this)[name].append(number(name));
    for (const name of ['bracket', 'maxEpochs', 'node', 'until', 'duration', 'wasted']) /** @type {any} */ (this)[name].append(number(name));
    for (const parameter of this.parameters) parameter.values.append(number('parameter:' + parameter.name));
    for (const metric of this.metrics) metric.values.append(number('metric:' + metric.name));
    this.nodes.push(...header.nodes);
    for (const template of header.templates) this.templates.push(template);
    this.numbers.push({ first: this.texts, text: /** @type {string} */ (columns.get('numbers')), lines: null });
    const seen = { assigned: this.node.length - number('node').length, wasted: this.wasted.length - number('wasted').length, tested: this.tested.length };
    this.tested.push(...header.tested);
    for (const column of [this.detail, this.textIndex]) column.reserve(this.rows);
    for (const column of [this.epochRow, this.epochRun, this.epochNumber, this.nextEpoch]) column.reserve(this.duration.length);
    for (const column of [this.createdRow, this.firstEpoch, this.lastEpoch]) column.reserve(this.bracket.length);
    for (let row = header.from; row < this.rows; row++) this.index(row, seen);
    return true;
  }

  /**
   * @param {number} row
   * @param {{assigned: number, wasted: number, tested: number}} seen
   */
  index(row, seen) {
    const run = this.run.data[row];
    let detail = -1;
    switch (this.kind.data[row]) {
      case Kind.Created:
        detail = this.createdRow.length;
        this.createdRow.push(row);
        this.firstEpoch.push(-1);
        this.lastEpoch.push(-1);
        break;
      case Kind.Assigned: detail = seen.assigned++; break;
      case Kind.Wasted: detail = seen.wasted++; break;
      case Kind.Tested: detail = seen.tested++; break;
      case Kind.Noted: {
        const rows = this.noteRows.get(run);
        if (rows) rows.push(row);
        else this.noteRows.set(run, [row]);
        this.noted++;
        break;
      }
      case Kind.Epoch: {
        detail = this.epochRow.length;
        const before = this.lastEpoch.data[run];
        if (before < 0) this.firstEpoch.data[run] = detail;
        else this.nextEpoch.data[before] = detail;
        this.lastEpoch.data[run] = detail;
        this.epochRow.push(row);
        this.epochRun.push(run);
        this.epochNumber.push(before < 0 ? 1 : this.epochNumber.data[before] + 1);
        this.nextEpoch.push(-1);
      }
    }
    this.detail.push(detail);
    this.textIndex.push(this.text.data[row] > 0 ? this.texts++ : -1);
  }

  /** @param {any[]} described */
  useParameters(described) {
    for (const one of described) {
      const known = this.parameters.find(parameter => parameter.name === one.name);
      if (known && !known.categories && one.categories) {
        // A changed sweep file has replaced the range by categories: numbers become their indexes.
        for (let i = 0; i < known.values.length; i++)
          known.values.data[i] = isNaN(known.values.data[i]) ? 0 : 1 + one.categories.indexOf(String(known.values.data[i]));
      }
      if (known) Object.assign(known, one);
      else {
        const values = new Column();
        for (let i = 0; i < this.runs; i++) values.push(one.categories ? 0 : NaN);
        this.parameters.push({ ...one, values });
      }
    }
  }

  /** @param {string[]} names */
  useMetrics(names) {
    for (const name of names) {
      if (this.metrics.some(metric => metric.name === name)) continue;
      const values = new Column();
      for (let i = 0; i < this.epochs; i++) values.push(NaN);
      this.metrics.push({ name, values });
    }
  }

  /**
   * @param {number} row
   * @returns {string} The row's text, empty without one.
   */
  textOf(row) {
    const index = this.textIndex.data[row];
    if (index < 0) return '';
    const part = this.numbers.findLast(one => one.first <= index);
    if (!part) return '';
    part.lines ??= part.text.split('\n');
    const values = part.lines[index - part.first].split(' ');
    let next = 0;
    return this.templates[this.text.data[row] - 1].replaceAll('\u0001', () => values[next++]);
  }

  /**
   * @param {number} run
   * @param {number} cut The number of rows to consider.
   * @returns {number[]} The rows of a run that have a text.
   */
  storyOf(run, cut) {
    const rows = [];
    for (let row = 0; row < cut; row++)
      if (this.run.data[row] === run && this.text.data[row] > 0) rows.push(row);
    return rows;
  }

  /**
   * @param {number} run −1 for the sweep.
   * @param {number} cut The number of rows that count.
   * @returns {{name: string, tags: string[], notes: {row: number, text: string}[]}} The name, tags and notes that users added.
   */
  annotations(run, cut) {
    const tags = new Set();
    const notes = [];
    let name = '';
    for (const row of this.noteRows.get(run) ?? []) {
      if (row >= cut) break;
      const [what, text] = firstLine(this.textOf(row));
      if (what === 'note') notes.push({ row, text });
      else if (what === 'tag') tags.add(text);
      else if (what === 'untag') tags.delete(text);
      else name = text;
    }
    return { name, tags: [...tags], notes };
  }

  /** @param {string} name */
  metric(name) { return this.metrics.find(metric => metric.name === name); }

  /**
   * @param {number} seq
   * @returns {number} The number of rows up to an event.
   */
  rowsUpTo(seq) {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.seq.data[middle] <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** @param {string} text @returns {[string, string]} The first line, and the rest. */
function firstLine(text) {
  const end = text.indexOf('\n');
  return [text.slice(0, end), text.slice(end + 1)];
}
