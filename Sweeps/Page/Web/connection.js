import { fromBase64, inflate } from './decode.js';
import { el } from './dom.js';
import { State } from './fold.js';
import { SweepLog } from './log.js';
/** @import { Settings } from './settings.js' */
/** @import { View } from './view.js' */

/**
 * A sweep that can be opened.
 * @typedef {{sweep: string, name: string, status: string, runs: number, at: number, metric: string, best: number | null, problem: string | null}} Listed
 */

/** The source of the data: the document itself if it is a report, else the server that sent the page. */
export class Connection {
  /** @param {Settings} settings */
  constructor(settings) {
    this.settings = settings;
    const blocks = [...document.querySelectorAll('script[type="application/x-sweep-block"]')];
    this.report = blocks.length > 0;
    this.place = '';
    this.canSteer = false;
    this.canEdit = false;
    /** @type {Listed[]} */
    this.list = [];
    /** @type {Map<string, SweepLog>} The sweeps of a report. */
    this.embedded = new Map();
    /** @type {Promise<any[]> | undefined} What a report has of each sweep beside its log. */
    this.unpacked = undefined;
    this.blocks = blocks;
    /** @type {(text: string, bad?: boolean) => void} */
    this.tell = () => {};
  }

  async open() {
    if (!this.report) {
      const { place, canSteer, canEdit, sweeps } = await this.ask('api/sweeps');
      [this.place, this.canSteer, this.canEdit, this.list] = [place, canSteer && !!this.settings.token, canEdit, sweeps];
      return;
    }
    for (const block of this.blocks) {
      const log = new SweepLog();
      log.append(await inflate(fromBase64(block.textContent ?? '')));
      block.remove();
      this.embedded.set(log.about.sweep, log);
      this.list.push({ sweep: log.about.sweep, name: log.about.name, status: '', runs: log.runs, at: log.startedAt, metric: log.about.objective, best: null, problem: null });
    }
    this.place = 'this file';
  }

  /** @param {string} sweep @returns {Promise<SweepLog>} */
  async load(sweep) {
    const embedded = this.embedded.get(sweep);
    if (embedded) return embedded;
    const log = new SweepLog();
    const answer = await this.fetch(`api/sweeps/${encodeURIComponent(sweep)}/block`);
    log.append(await inflate(new Uint8Array(await answer.arrayBuffer())));
    return log;
  }

  /**
   * Follows a sweep until the page is closed. It does nothing in a report.
   * @param {SweepLog} log
   * @param {() => void} added Called after rows were added to the log.
   * @param {(worker: string) => void} works Called with a text that names the process or silo that runs the sweep; '' for none.
   */
  follow(log, added, works) {
    if (this.report) return;
    const events = new EventSource(`api/sweeps/${encodeURIComponent(log.about.sweep)}/live?from=${log.rows}`);
    let last = Promise.resolve();
    events.addEventListener('block', event => {
      // Blocks are decompressed concurrently and appended in order: sequentially, each block would wait for a frame.
      const rows = inflate(fromBase64(event.data));
      last = last.then(async () => { if (log.append(await rows)) added(); });
    });
    events.addEventListener('worker', event => works(JSON.parse(event.data).message));
    // An EventSource connects again with its first address, which has the old row number: a new one asks for the rows that are missing.
    events.onerror = () => {
      events.close();
      works('');
      setTimeout(() => this.follow(log, added, works), 1000);
    };
  }

  /**
   * @param {View} view
   * @param {number} seq
   * @returns {Promise<any>} The analysis after an event. In a report it is the last one up to this event, or else the first one.
   */
  async analysis(view, seq) {
    if (!this.report) return this.ask(`api/sweeps/${encodeURIComponent(view.log.about.sweep)}/analysis?seq=${seq}`);
    const { analyses } = await this.extras(view);
    return analyses.findLast((/** @type {any} */ one) => one.seq <= seq) ?? analyses[0] ?? null;
  }

  /** @param {View} view @param {Record<string, string>} changes @returns {Promise<any>} */
  whatIf(view, changes) {
    return this.ask(`api/sweeps/${encodeURIComponent(view.log.about.sweep)}/whatif?${new URLSearchParams(changes)}`);
  }

  /** @param {View} view @param {number} run @returns {Promise<any>} The evaluation of the run's best weights, as ModelJson writes it. */
  async model(view, run) {
    if (!this.report) {
      const answer = await this.ask(`api/sweeps/${encodeURIComponent(view.log.about.sweep)}/model?run=${run}`);
      if (answer.problem) throw new Error(answer.problem);
      return answer;
    }
    const { model, noModel } = await this.extras(view);
    if (model?.run === run) return model;
    throw new Error(model ? `This report has the model of run ${model.run} only.` : noModel || 'This report has no model.');
  }

  /**
   * What a report has of a sweep beside its log. It is unpacked when it is first asked for: the first charts do not need it.
   * @param {View} view
   * @returns {Promise<any>}
   */
  async extras(view) {
    const packed = document.querySelector('script[type="application/x-sweep-extras"]');
    this.unpacked ??= inflate(fromBase64(packed?.textContent ?? '')).then(text => JSON.parse(new TextDecoder().decode(text)).sweeps);
    return (await this.unpacked)[[...this.embedded.keys()].indexOf(view.log.about.sweep)];
  }

  /** @param {string} path @returns {Promise<any>} */
  async ask(path) { return (await this.fetch(path)).json(); }

  /** @param {string} path @param {RequestInit} [init] */
  async fetch(path, init) {
    const answer = await fetch(path, init);
    if (answer.ok) return answer;
    let message = `The server answered ${answer.status}.`;
    try { message = (await answer.json()).message; } catch { /* A response of another program, for example a proxy, has no message. */ }
    throw new Error(message);
  }

  /** @param {View} view @param {string} action @param {number} [run] @param {string[]} [values] */
  async steer(view, action, run, values) {
    const why = prompt(`Why ${action}${run === undefined ? '' : ` run ${run}`}? The sweep's log keeps the reason. It may be empty.`);
    if (why !== null) await this.send(view, { action, run, why, values });
  }

  /** @param {View} view @param {string} action `note`, `tag` or `untag`. @param {number} run −1 for the sweep. @param {string} text */
  annotate(view, action, run, text) { return this.send(view, { action, run: run < 0 ? undefined : run, text }); }

  /** @param {View} view @param {{action: string, run?: number, why?: string, text?: string, values?: string[]}} request */
  async send(view, request) {
    try {
      const answer = await this.fetch(`api/sweeps/${encodeURIComponent(view.log.about.sweep)}/steer`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Sweep-Token': this.settings.token }, body: JSON.stringify(request),
      });
      this.tell((await answer.json()).message);
    } catch (problem) {
      this.tell(/** @type {Error} */ (problem).message, true);
    }
  }

  /** @param {View} view @param {number} run */
  runButtons(view, run) {
    const bar = el('div', { className: 'controls' });
    if (!this.canSteer) return bar;
    const button = (/** @type {string} */ action, /** @type {string} */ text, /** @type {string} */ title) => el('button', { type: 'button', title, onclick: () => this.steer(view, action, run) }, text);
    const state = view.runs.state[run];
    const over = state === State.Finished || state === State.Stopped || state === State.Diverged || state === State.Failed;
    if (!over) bar.append(button('stop-run', 'Stop', 'Stop this run permanently'));
    if (!over && !view.runs.pinned[run]) bar.append(button('pin', 'Pin', 'Exempt this run from the rules that stop runs'));
    if (state === State.Paused || state === State.Stopped) bar.append(button('promote', 'Promote', 'Continue this run past its rung'));
    if (this.canEdit) bar.append(el('button', { type: 'button', title: 'Enqueue a configuration like this one', onclick: () => {
      const values = view.log.parameters.map(parameter => view.column('p:' + parameter.name)).filter(column => column !== null && view.show(column, run) !== '')
        .map(column => `${column?.label}=${column?.categories ? view.show(column, run) : shortest(column?.values[run] ?? NaN)}`);
      const text = prompt('The configuration to train next:', values.join(' '));
      // A value may have spaces, such as [64, 32]: a space separates two values only before the next name.
      if (text) this.steer(view, 'enqueue', undefined, text.trim().split(/\s+(?=[^\s=]+=)/).filter(Boolean));
    } }, 'Enqueue like this'));
    return bar;
  }

  /** @param {View} view */
  sweepButtons(view) {
    const { status } = view.runs;
    const bar = el('div', { className: 'controls' });
    if (!this.canSteer) return bar;
    const button = (/** @type {string} */ action, /** @type {string} */ text) => el('button', { type: 'button', onclick: () => this.steer(view, action) }, text);
    if (status === 'running') bar.append(button('pause', 'Pause'));
    if (status === 'paused' || status === 'stopping' || status === 'stopped') bar.append(button('resume', 'Resume'));
    if (status === 'running' || status === 'paused') bar.append(button('stop', 'Stop'));
    if (['running', 'paused', 'stopping'].includes(status)) bar.append(button('cancel', 'Cancel'));
    return bar;
  }
}

/** @param {number} value @returns {number} The value without the digits that single precision adds: 0.01 for 0.009999999776482582. */
function shortest(value) { return Number.isInteger(value) ? value : Number(value.toPrecision(7)); }
