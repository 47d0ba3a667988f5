import { Kind } from './log.js';
/** @import { SweepLog } from './log.js' */

/** The states of a run, with the numbers of RunState in Sweeps/Core. */
export const State = Object.freeze({ Queued: 0, Running: 1, Paused: 2, Finished: 3, Stopped: 4, Diverged: 5, Failed: 6 });

export const stateNames = ['queued', 'running', 'waiting', 'finished', 'stopped', 'diverged', 'failed'];

/** The new state of a run after a row, by the kind of the row; −1 if the state does not change. */
const moves = [
  State.Queued, State.Running, -1, State.Paused, State.Queued, State.Stopped, State.Finished, State.Diverged, State.Failed,
  State.Queued, State.Queued, State.Queued, -1, -1, -1, State.Queued, -1, -1, -1,
];

/** The state of all runs after the first rows of a log. */
export class RunsAt {
  /** @param {SweepLog} log */
  constructor(log) {
    this.log = log;
    this.rows = 0;
    this.count = 0;
    this.epochs = 0;
    this.wasted = 0;
    this.lost = 0;
    this.status = '';
    this.best = -1;
    this.size = 0;
    /** @type {Float64Array} The best value of each run as reported, NaN without one. */ this.value = new Float64Array(0);
    this.allocate(1024);
  }

  /** @param {number} size */
  allocate(size) {
    const old = /** @type {any} */ (this);
    const grow = (/** @type {string} */ name, /** @type {any} */ Type, /** @type {number} */ fill) => {
      const values = new Type(size).fill(fill);
      if (old[name]) values.set(old[name]);
      return values;
    };
    this.size = size;
    /** @type {Uint8Array} */ this.state = grow('state', Uint8Array, 0);
    /** @type {Uint8Array} */ this.pinned = grow('pinned', Uint8Array, 0);
    /** @type {Int32Array} */ this.epoch = grow('epoch', Int32Array, 0);
    /** @type {Int32Array} Index of the best epoch, −1 before the first finite value. */ this.bestEpoch = grow('bestEpoch', Int32Array, -1);
    /** @type {Int32Array} Index of the last epoch. */ this.lastEpoch = grow('lastEpoch', Int32Array, -1);
    /** @type {Int32Array} */ this.node = grow('node', Int32Array, -1);
    /** @type {Int32Array} */ this.assignments = grow('assignments', Int32Array, 0);
    /** @type {Int32Array} */ this.losses = grow('losses', Int32Array, 0);
    /** @type {Int32Array} */ this.wastedEpochs = grow('wastedEpochs', Int32Array, 0);
    /** @type {Int32Array} The epoch of the last rung at which the run was promoted, −1 without one. */ this.promotedAt = grow('promotedAt', Int32Array, -1);
    /** @type {Int32Array} Row of the last change of state. */ this.movedAt = grow('movedAt', Int32Array, -1);
    /** @type {Float64Array} Milliseconds. */ this.trained = grow('trained', Float64Array, 0);
    this.value = grow('value', Float64Array, NaN);
  }

  /** @param {number} rows The number of rows to apply. If it is smaller than before, all rows are applied again from the start. */
  goTo(rows) {
    if (rows < this.rows) {
      this.rows = this.count = this.epochs = this.wasted = this.lost = 0;
      this.status = '';
      this.best = -1;
      for (const name of ['state', 'pinned', 'epoch', 'assignments', 'losses', 'wastedEpochs', 'trained']) /** @type {any} */ (this)[name].fill(0);
      for (const name of ['bestEpoch', 'lastEpoch', 'node', 'promotedAt', 'movedAt']) /** @type {any} */ (this)[name].fill(-1);
      this.value.fill(NaN);
    }
    if (this.log.runs > this.size) this.allocate(Math.max(this.log.runs, 2 * this.size));
    const { log } = this;
    const objective = log.metric(log.about.objective)?.values.data;
    const sign = log.about.maximize ? -1 : 1;
    for (let row = this.rows; row < rows; row++) {
      const kind = log.kind.data[row];
      const run = log.run.data[row];
      if (kind === Kind.Epoch) {
        const epoch = log.detail.data[row];
        this.epochs++;
        this.epoch[run]++;
        this.lastEpoch[run] = epoch;
        this.trained[run] += log.duration.data[epoch];
        const value = objective ? objective[epoch] : NaN;
        if (isFinite(value) && (this.bestEpoch[run] < 0 || sign * value < sign * this.value[run])) {
          this.value[run] = value;
          this.bestEpoch[run] = epoch;
          const best = this.best;
          if (best < 0 || sign * value < sign * this.value[best] || (value === this.value[best] && run < best)) this.best = run;
        }
        continue;
      }
      if (run < 0) {
        if (kind === Kind.Status) this.status = log.textOf(row).split('\n')[0];
        continue;
      }
      if (moves[kind] >= 0) {
        this.state[run] = moves[kind];
        this.movedAt[run] = row;
      }
      switch (kind) {
        case Kind.Created: this.count++; break;
        case Kind.Assigned:
          this.node[run] = log.node.data[log.detail.data[row]];
          this.assignments[run]++;
          break;
        case Kind.Promoted: this.promotedAt[run] = this.epoch[run]; break;
        case Kind.Lost:
          this.losses[run]++;
          this.lost++;
          break;
        case Kind.Wasted: {
          const epochs = log.wasted.data[log.detail.data[row]];
          this.wastedEpochs[run] += epochs;
          this.wasted += epochs;
          break;
        }
        case Kind.Pinned: this.pinned[run] = 1;
      }
    }
    this.rows = rows;
  }

  /** @returns {number[]} The number of runs in each state. */
  counts() {
    const counts = new Array(stateNames.length).fill(0);
    for (let run = 0; run < this.count; run++) counts[this.state[run]]++;
    return counts;
  }
}
