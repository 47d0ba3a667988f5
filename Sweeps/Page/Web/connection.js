import { fromBase64, inflate } from './decode.js';
import { SweepLog } from './log.js';
import { formatMoment } from './scales.js';
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
    /** Whether the server does not answer. */
    this.lost = false;
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

  /** Asks the server for its sweeps again. If it does not answer, the list stays. */
  async refresh() { if (!this.report) await this.open().catch(() => {}); }

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
   * Follows a sweep until the page is closed or the sweep is deleted. It does nothing in a report.
   * @param {SweepLog} log
   * @param {() => void} added Called after rows were added to the log.
   * @param {(worker: string | null) => void} works Called with a text that names the process or silo that runs the sweep; '' for none, null if it
   *   is not known: the server does not answer, or the sweep was deleted.
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
    events.addEventListener('deleted', event => {
      events.close();
      log.deleted = true;
      works(null);
      this.tell(JSON.parse(event.data).message, true);
    });
    events.onopen = () => this.reached(true);
    // An EventSource connects again with its first address, which has the old row number: a new one asks for the rows that are missing.
    events.onerror = () => {
      events.close();
      works(null);
      this.reached(false);
      setTimeout(() => this.follow(log, added, works), 1000);
    };
  }

  /** Says that the server does not answer, and takes it back when it answers again. @param {boolean} answers */
  reached(answers) {
    if (this.lost !== answers) return;
    this.lost = !answers;
    this.tell(answers ? '' : `No connection to the server since ${formatMoment(Date.now()).slice(11)}; trying again.`, this.lost);
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
    const answer = await fetch(path, init).catch(() => { throw new Error('The server does not answer. Is the program that serves this page still running?'); });
    if (answer.ok) return answer;
    let message = `The server answered ${answer.status}.`;
    try { message = (await answer.json()).message; } catch { /* A response of another program, for example a proxy, has no message. */ }
    throw new Error(message);
  }

  /**
   * Asks the sweep to do something.
   * @param {View} view @param {{action: string, run?: number, why?: string, text?: string, values?: string[]}} request
   * @returns {Promise<string>} What the sweep answers. It throws an error with the reason if the request is refused.
   */
  async request(view, request) {
    const answer = await this.fetch(`api/sweeps/${encodeURIComponent(view.log.about.sweep)}/steer`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Sweep-Token': this.settings.token }, body: JSON.stringify(request),
    });
    return (await answer.json()).message;
  }

  /** @param {View} view @param {string} action `note`, `tag` or `untag`. @param {number} run −1 for the sweep. @param {string} text */
  annotate(view, action, run, text) { return this.send(view, { action, run: run < 0 ? undefined : run, text }); }

  /** Sends a request and tells its answer. @param {View} view @param {Parameters<Connection['request']>[1]} request @returns {Promise<boolean>} Whether it was accepted. */
  async send(view, request) {
    this.tell('');
    try {
      this.tell(await this.request(view, request));
      return true;
    } catch (problem) {
      this.tell(/** @type {Error} */ (problem).message, true);
      return false;
    }
  }
}
