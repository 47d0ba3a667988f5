import { Card } from './card.js';
import { Connection } from './connection.js';
import { annotationList, detailsPanel } from './details.js';
import { choice, el } from './dom.js';
import { stateNames } from './fold.js';
import { formatCount, formatDuration, formatMoment, formatNumber } from './scales.js';
import { Settings } from './settings.js';
import { RunTable } from './table.js';
import { isDark, palette } from './theme.js';
import { View } from './view.js';
import { curvesChart } from './charts/curves.js';
import { importanceChart } from './charts/importance.js';
import { classesChart, confusionChart, mistakesChart, weightsChart } from './charts/model.js';
import { objectiveChart } from './charts/objective.js';
import { parallelChart } from './charts/parallel.js';
import { paretoChart } from './charts/pareto.js';
import { rungsChart } from './charts/rungs.js';
import { contourChart, histogramChart, sliceChart } from './charts/slice.js';
import { slotsChart } from './charts/slots.js';
import { whatIfCard } from './charts/whatif.js';
/** @import { Change } from './view.js' */
/** @import { Chart } from './card.js' */

const page = /** @type {HTMLElement} */ (document.getElementById('page'));

/** The sections of the page, each with its charts. @type {[string, string, ((view: View, connection: Connection) => Chart)[]][]} */
const sections = [
  ['overview', 'Overview', [objectiveChart, importanceChart, parallelChart]],
  ['learning', 'Curves', [curvesChart]],
  ['table', 'Runs', []],
  ['decisions', 'Rungs and slots', [rungsChart, slotsChart]],
  ['parameters', 'Parameters', [sliceChart, contourChart, histogramChart, paretoChart]],
  ['model', 'Model', [confusionChart, mistakesChart, classesChart, weightsChart]],
];

/** Opens the page. */
async function start() {
  const settings = new Settings();
  if (settings.get('theme')) document.documentElement.dataset.theme = settings.get('theme');
  const connection = new Connection(settings);
  await connection.open();
  const first = settings.get('sweep') || connection.list.find(one => !one.problem)?.sweep;
  if (!first) return page.replaceChildren(el('p', { className: 'loading' }, `There are no sweeps in ${connection.place} yet. Start one with: ./sweep demo`));
  const second = settings.get('beside', connection.report && connection.list.length > 1 ? connection.list[1].sweep : '');
  const logs = await Promise.all([first, ...(second && second !== '-' && second !== first ? [second] : [])].map(sweep => connection.load(sweep)));
  const views = logs.map((log, i) => new View(log, settings, i ? 'b.' : ''));
  document.title = `${logs.map(log => log.about.name).join(' and ')} – Sweeps`;
  const message = el('div', { className: 'message', role: 'status' });
  connection.tell = (text, bad) => {
    message.textContent = text;
    message.classList.toggle('bad', !!bad);
  };
  const reopen = (/** @type {string} */ key, /** @type {string} */ value) => {
    const kept = new URLSearchParams({ [key]: value });
    for (const name of ['sweep', 'beside', 'theme']) if (name !== key && settings.get(name)) kept.set(name, settings.get(name));
    history.replaceState(null, '', '#' + kept);
    location.reload();
  };
  const listed = connection.list.filter(one => !one.problem).map(one => /** @type {[string, string]} */ ([one.sweep, `${one.sweep} · ${one.status ? one.status + ' · ' : ''}${formatCount(one.runs)} runs`]));
  const columns = views.map(view => sweepColumn(view, connection));
  page.replaceChildren(
    el('header', { className: 'top' },
      el('a', { className: 'skip', href: '#', onclick: (/** @type {Event} */ event) => { event.preventDefault(); page.querySelector('main')?.focus(); } }, 'To the charts'),
      el('h1', {}, 'Sweeps'),
      choice('Sweep', listed, first, sweep => reopen('sweep', sweep)),
      listed.length > 1 ? choice('Second sweep beside it', [['-', 'beside: none'], ...listed.filter(([id]) => id !== first)], second, sweep => reopen('beside', sweep)) : null,
      el('nav', { 'aria-label': 'Sections' }, ...sections.map(([id, title]) => el('button', { type: 'button', onclick: () => document.getElementById(`section-${id}`)?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' }) }, title))),
      el('button', { type: 'button', className: 'theme', title: 'Light or dark', 'aria-label': 'Light or dark', onclick: () => {
        const next = isDark() ? 'light' : 'dark';
        document.documentElement.dataset.theme = next;
        settings.set('theme', next);
        for (const view of views) view.changed('settings');
      } }, '◐'),
      el('span', { className: 'place', title: connection.place }, connection.report ? 'report' : connection.place)),
    message,
    el('main', { tabIndex: -1, className: views.length > 1 ? 'two' : '' }, ...columns.map(column => column.element)));
  // The observers of a card tell that it is visible only after the first frame, which would be shown without a chart.
  for (const { first } of columns) first.draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const view of views) view.changed('settings'); });
  addEventListener('hashchange', () => location.reload());
}

/**
 * What the page shows of a sweep, and its first chart.
 * @param {View} view @param {Connection} connection @returns {{element: HTMLElement, first: Card}}
 */
function sweepColumn(view, connection) {
  const { log } = view;
  const status = el('p', { className: 'status' });
  const facts = el('p', { className: 'facts' });
  const buttons = el('div', {});
  const title = el('h2', {});
  const notes = el('div', { className: 'notes' });
  let notedKey = '';
  /** The status for which the buttons were built. */
  let steered = '';
  const states = el('div', { className: 'states', role: 'group', 'aria-label': 'States shown' });
  const search = el('input', { type: 'search', placeholder: 'search runs: regex, such as adam|relu', 'aria-label': 'Search runs', value: view.get('find') });
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => view.set('find', search.value, 'mask'), 120);
  });
  /** @type {ReturnType<typeof setTimeout>} */
  let typing;
  /** @type {string | null} The process or silo that runs the sweep; '' for none, null before the server's first message. */
  let worker = null;

  const drawHead = () => {
    const { runs } = view;
    const colours = palette();
    const word = runs.status === 'running' && worker === '' && view.cut === null ? 'interrupted' : runs.status;
    const best = runs.best >= 0 ? `best ${view.objective} ${formatNumber(runs.value[runs.best], 5)} by run ${runs.best}` : 'no value yet';
    status.replaceChildren(el('strong', { className: 'word ' + word }, word), ` ${best}`);
    const [start, end] = [log.startedAt, log.at.data[Math.max(0, runs.rows - 1)]];
    facts.textContent = [
      log.about.trains, log.about.method, `rules: ${log.about.rules}`, `${formatCount(runs.count)}${log.about.runCap ? ` of ${formatCount(Math.max(log.about.runCap, runs.count))}` : ''} runs`,
      `${formatCount(runs.epochs)} epochs${runs.wasted ? `, ${runs.wasted} of them twice` : ''}`, `began ${formatMoment(start)}`, `${formatDuration(end - start)} long`, worker ?? '',
    ].filter(Boolean).join(' · ');
    // If a button is replaced between press and release of the pointer, the browser sends no click: build the buttons only when the status
    // changes.
    if (runs.status !== steered) buttons.replaceChildren(connection.sweepButtons(view));
    steered = runs.status;
    const { name } = log.annotations(-1, runs.rows);
    title.textContent = name || log.about.name;
    const noted = `${log.noted} ${view.cut}`;
    if (noted !== notedKey) notes.replaceChildren(...annotationList(view, connection, -1));
    notedKey = noted;
    const hidden = view.hiddenStates;
    const counts = runs.counts();
    for (const [i, name] of stateNames.entries()) {
      const chip = chips[i];
      chip.setAttribute('aria-pressed', String(!hidden.has(i)));
      chip.title = hidden.has(i) ? `Show runs that are ${name}` : `Hide runs that are ${name}`;
      chip.hidden = counts[i] === 0;
      chip.textContent = `${name} ${formatCount(counts[i])}`;
      chip.style.borderColor = colours.states[i];
    }
  };
  const chips = stateNames.map((_, i) => el('button', { type: 'button', className: 'chip', onclick: () => {
    const hidden = view.hiddenStates;
    if (!hidden.delete(i)) hidden.add(i);
    view.set('hide', [...hidden].join(','), 'mask');
    drawHead();
  } }));
  states.replaceChildren(...chips);
  view.listeners.add(change => { if (change === 'data' || change === 'settings') drawHead(); });

  /** @type {ReturnType<typeof setTimeout>} */
  let analysing;
  /** The number of the newest request. An answer to an earlier one is ignored: it is of an event that the view no longer shows. */
  let asked = 0;
  const analyse = (/** @type {number} */ delay) => {
    clearTimeout(analysing);
    analysing = setTimeout(async () => {
      const request = ++asked;
      try {
        const analysis = await connection.analysis(view, view.cut ?? log.lastSeq);
        if (request !== asked) return;
        view.analysis = analysis;
        view.changed('data');
      } catch (problem) {
        if (request === asked) connection.tell(/** @type {Error} */ (problem).message, true);
      }
    }, delay);
  };

  const scrubber = timeTravel(view, () => analyse(300));
  // If rows arrive faster than the page can draw them, drawing would use all the time: wait twice as long as the last drawing took, at most
  // two seconds.
  let [busy, next] = [0, 0];
  connection.follow(log, () => {
    scrubber.grow();
    if (view.cut !== null || next) return;
    next = window.setTimeout(() => {
      next = 0;
      const began = performance.now();
      view.refresh();
      requestAnimationFrame(() => { busy = performance.now() - began; });
      if (!analysisDue) analysisDue = window.setTimeout(() => { analysisDue = 0; analyse(0); }, 10_000);
    }, Math.min(2000, busy * 2));
  }, name => { worker = name; drawHead(); });
  let analysisDue = 0;

  drawHead();
  analyse(0);
  const cards = sections[0][2].map(make => new Card(view, make(view, connection)));
  const column = el('div', { className: 'sweep' },
    el('div', { className: 'head' }, title, status, facts, log.about.description ? el('p', { className: 'facts' }, log.about.description) : null, buttons, notes, scrubber.element, el('div', { className: 'filters' }, search, states)),
    sectionOf(sections[0], view, connection, cards));
  // The first charts are drawn in the first two frames, before the others are built.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    column.append(...sections.slice(1).map(section => sectionOf(section, view, connection, section[2].map(make => new Card(view, make(view, connection))))));
    column.dataset.complete = 'true';
  })));
  return { element: column, first: cards[0] };
}

/** @param {typeof sections[0]} section @param {View} view @param {Connection} connection @param {Card[]} cards */
function sectionOf([id, title], view, connection, cards) {
  return el('section', { className: 'section', id: view.prefix + 'section-' + id, 'aria-label': title },
    el('h2', { className: 'title' }, title),
    el('div', { className: 'cards' }, ...cards.map(card => card.element), ...(id === 'table' ? [new RunTable(view).element, detailsPanel(view, connection)] : id === 'decisions' ? [whatIfCard(view, connection)] : [])));
}

/** A slider over the events of the log. @param {View} view @param {() => void} moved Called when the user has chosen another event. */
function timeTravel(view, moved) {
  const { log } = view;
  const slider = el('input', { type: 'range', min: '1', max: String(log.lastSeq), step: '1', value: String(view.cut ?? log.lastSeq), 'aria-label': 'Moment: events of the log that count' });
  const label = el('span', { className: 'moment' });
  const exact = el('input', { type: 'text', size: 9, placeholder: '62% or 14:32', 'aria-label': 'Go to a share, a time or an event: 62%, 14:32, seq:1234' });
  const now = el('button', { type: 'button', title: 'Show the newest state', onclick: () => go(null) }, 'now');
  let frame = 0;
  const describe = () => {
    const seq = view.cut ?? log.lastSeq;
    const at = log.at.data[Math.max(0, log.rowsUpTo(seq) - 1)];
    label.textContent = `event ${formatCount(seq)} of ${formatCount(log.lastSeq)} · ${formatMoment(at)} · ${formatDuration(at - log.startedAt)} after the start`;
    slider.setAttribute('aria-valuetext', label.textContent);
    now.disabled = view.cut === null;
  };
  const go = (/** @type {number | null} */ seq) => {
    view.settings.set(view.prefix + 'seq', seq === null || seq >= log.lastSeq ? '' : String(Math.max(1, seq)));
    slider.value = String(view.cut ?? log.lastSeq);
    describe();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => view.refresh());
    moved();
  };
  slider.addEventListener('input', () => go(Number(slider.value)));
  exact.addEventListener('change', () => {
    const seq = momentOf(exact.value.trim(), view);
    exact.setAttribute('aria-invalid', String(seq === null));
    if (seq !== null) go(seq);
  });
  describe();
  return {
    element: el('div', { className: 'travel' }, slider, now, exact, label),
    grow() {
      slider.max = String(log.lastSeq);
      if (view.cut === null) slider.value = slider.max;
      describe();
    },
  };
}

/**
 * @param {string} text `62%`, `seq:1234`, `14:32` or a date with a time.
 * @param {View} view
 * @returns {number | null} The number of an event; null if the text is not valid.
 */
function momentOf(text, view) {
  const { log } = view;
  if (/^[\d.]+\s*%$/.test(text)) return Math.round(log.lastSeq * parseFloat(text) / 100);
  if (/^(seq:)?\d+$/.test(text)) return Number(text.replace('seq:', ''));
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  let at = Date.parse(text);
  if (clock) {
    const date = new Date(log.startedAt);
    date.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 999);
    at = date.getTime() < log.startedAt ? date.getTime() + 86_400_000 : date.getTime();
  }
  if (isNaN(at)) return null;
  let row = 0;
  while (row + 1 < log.rows && log.at.data[row + 1] <= at) row++;
  return log.seq.data[row];
}

start().catch(problem => page.replaceChildren(el('p', { className: 'loading bad' }, /** @type {Error} */ (problem).message)));
