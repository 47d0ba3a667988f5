import { Card } from './card.js';
import { Connection } from './connection.js';
import { annotationList, detailsPanel } from './details.js';
import { checkedField, choice, el, renew, searchProblem, setOptions } from './dom.js';
import { stateNames } from './fold.js';
import { eventAt } from './moment.js';
import { counted, formatCount, formatDuration, formatMoment, formatNumber } from './scales.js';
import { Settings } from './settings.js';
import { sweepActions } from './steering.js';
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
  const first = settings.get('sweep') || await newestSweep(connection);
  const second = settings.get('beside', connection.report && connection.list.length > 1 ? connection.list[1].sweep : '-');
  const said = el('span', { role: 'status' });
  const message = el('div', { className: 'message', hidden: true }, said, el('button', { type: 'button', title: 'Close', 'aria-label': 'Close the message', onclick: () => connection.tell('') }, '✕'));
  connection.tell = (text, bad) => {
    message.hidden = text === '';
    said.textContent = text;
    said.className = bad ? 'bad' : '';
  };
  const opened = [first, ...(second === '-' || second === first ? [] : [second])].map((sweep, i) => connection.load(sweep).then(log => new View(log, settings, i ? 'b.' : ''), problem => {
    connection.tell(problem.message, true);
    return null;
  }));
  const views = (await Promise.all(opened)).filter(view => view !== null);
  document.title = ['Sweeps', ...views.map(view => view.log.about.name)].reverse().join(' – ');

  const columns = views.map(view => sweepColumn(view, connection));
  /** Scrolls to a section of the sweep in sight: on a narrow page the second sweep is below the first one. @param {string} id */
  const scrollTo = id => {
    const column = columns.find(({ element }) => element.getBoundingClientRect().bottom > innerHeight / 2);
    column?.element.querySelector(`.section[id$="section-${id}"]`)?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  };
  page.replaceChildren(
    el('header', { className: 'top' },
      el('a', { className: 'skip', href: '#', onclick: (/** @type {Event} */ event) => { event.preventDefault(); page.querySelector('main')?.focus(); } }, 'To the charts'),
      el('h1', {}, 'Sweeps'), ...sweepChoices(connection, settings, views, first, second),
      el('nav', { 'aria-label': 'Sections' }, ...sections.map(([id, title]) => el('button', { type: 'button', onclick: () => scrollTo(id) }, title))),
      el('button', { type: 'button', className: 'theme', title: 'Light or dark', 'aria-label': 'Light or dark', onclick: () => {
        const next = isDark() ? 'light' : 'dark';
        document.documentElement.dataset.theme = next;
        settings.set('theme', next);
        for (const view of views) view.changed('settings');
      } }, '◐'),
      el('span', { className: 'place', title: connection.place }, connection.report ? 'report' : connection.place)),
    el('main', { tabIndex: -1, className: views.length > 1 ? 'two' : '' }, ...columns.map(column => column.element), columns.length === 0 && el('p', { className: 'loading' }, 'Choose a sweep above.')),
    message);
  // The observers of a card tell that it is visible only after the first frame, which would be shown without a chart.
  for (const { first } of columns) first.draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const view of views) view.changed('settings'); });
  addEventListener('hashchange', () => location.reload());
}

/** Waits until there is a sweep. @param {Connection} connection @returns {Promise<string>} The newest one. */
async function newestSweep(connection) {
  for (;;) {
    const found = connection.list.find(one => !one.problem);
    if (found) return found.sweep;
    page.replaceChildren(el('p', { className: 'loading' }, `There are no sweeps in ${connection.place} yet. Start one with: ./sweep demo`));
    await new Promise(done => setTimeout(done, 2000));
    await connection.refresh();
  }
}

/**
 * The choices of the first and the second sweep.
 * @param {Connection} connection @param {Settings} settings @param {View[]} views @param {string} first @param {string} second `-` for none.
 */
function sweepChoices(connection, settings, views, first, second) {
  const [one, other] = [choice('Sweep', [], '', sweep => reopen('sweep', sweep)), choice('Second sweep beside it', [], '', sweep => reopen('beside', sweep))];
  const offer = () => {
    const listed = connection.list.filter(entry => !entry.problem).map(({ sweep, status, runs }) => {
      // The page knows more of a sweep that it shows than the list.
      const shown = views.find(view => view.log.about.sweep === sweep && view.cut === null)?.runs;
      return /** @type {[string, string]} */ ([sweep, [sweep, shown?.status ?? status, counted(shown?.count ?? runs, 'run')].filter(Boolean).join(' · ')]);
    });
    // The address may name a sweep that was deleted: without an entry of its own, another one would seem to be chosen and could not be chosen.
    setOptions(one, listed.some(([sweep]) => sweep === first) ? listed : [['', 'choose a sweep'], ...listed], first);
    setOptions(other, [['-', 'beside: none'], ...listed.filter(([sweep]) => sweep !== first)], second);
    other.hidden = listed.length < 2;
  };
  const reopen = (/** @type {'sweep' | 'beside'} */ key, /** @type {string} */ sweep) => {
    if (!sweep) return;
    // The settings of the other sweep stay: those of the second one begin with b.
    const kept = [...settings.values].filter(([name]) => ['beside', 'theme'].includes(name) || name.startsWith('b.') === (key === 'sweep'));
    settings.open(new Map([...kept, ['sweep', first], [key, sweep]]));
  };
  offer();
  let next = 0;
  for (const view of views) view.listeners.add(change => { if (change === 'data') next ||= window.setTimeout(() => { next = 0; offer(); }, 1000); });
  for (const select of [one, other])
    for (const event of ['pointerenter', 'focus']) select.addEventListener(event, () => connection.refresh().then(offer));
  return [one, other];
}

/**
 * What the page shows of a sweep, and its first chart.
 * @param {View} view @param {Connection} connection @returns {{element: HTMLElement, first: Card}}
 */
function sweepColumn(view, connection) {
  const { log } = view;
  const status = el('p', { className: 'status' });
  const facts = el('p', { className: 'facts' });
  const actions = sweepActions(view, connection);
  const title = el('h2', {});
  const annotations = annotationList(view, connection, -1);
  const states = el('div', { className: 'states', role: 'group', 'aria-label': 'States shown' });
  /** @type {ReturnType<typeof setTimeout>} */
  let typing;
  const search = checkedField({ type: 'search', placeholder: 'search runs: regex, such as adam|relu', 'aria-label': 'Search runs', value: view.get('find') }, 'input', searchProblem, text => {
    clearTimeout(typing);
    typing = setTimeout(() => view.set('find', text, 'mask'), 120);
  });
  /** @type {string | null} The process or silo that runs the sweep; '' for none, null before the server's first message. */
  let worker = null;

  const drawHead = () => {
    const { runs } = view;
    const colours = palette();
    const isNow = runs.status === 'running' && view.cut === null;
    const word = log.deleted ? 'deleted' : isNow && worker === '' ? 'interrupted' : runs.status;
    const best = runs.best >= 0 ? `best ${view.objective} ${formatNumber(runs.value[runs.best], 5)} by run ${runs.best}` : 'no value yet';
    renew(status, el('strong', { className: 'word ' + word }, word), ` ${best}`);
    const last = log.at.data[Math.max(0, runs.rows - 1)];
    const end = isNow && worker ? Math.max(last, Date.now()) : last;
    renew(facts, [
      log.about.trains, log.about.method, `rules: ${log.about.rules}`, log.about.runCap ? `${formatCount(runs.count)} of ${counted(Math.max(log.about.runCap, runs.count), 'run')}` : counted(runs.count, 'run'),
      `${counted(runs.epochs, 'epoch')}${runs.wasted ? `, ${runs.wasted} of them twice` : ''}`, `began ${formatMoment(log.startedAt)}`, `${formatDuration(end - log.startedAt)} long`, worker ?? '',
    ].filter(Boolean).join(' · '));
    actions.update();
    title.textContent = log.annotations(-1, runs.rows).name || log.about.name;
    annotations.update();
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

  // A run of many minutes may log nothing for as long: only the clock tells how long the sweep is.
  if (!connection.report) setInterval(() => { if (worker) drawHead(); }, 1000);
  drawHead();
  analyse(0);
  const cards = sections[0][2].map(make => new Card(view, make(view, connection)));
  const column = el('div', { className: 'sweep' },
    el('div', { className: 'head' }, title, status, facts, log.about.description ? el('p', { className: 'facts' }, log.about.description) : null, actions.element, el('div', { className: 'notes' }, ...annotations.elements), scrubber.element, el('div', { className: 'filters' }, search, states)),
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
  const exact = checkedField({ type: 'text', size: 9, placeholder: '62% or 14:32', 'aria-label': 'Go to a share, a time or an event: 62%, 14:32, +1:30, seq:1234' }, 'change',
    text => { const seq = text ? eventAt(text, log) : ''; return typeof seq === 'string' ? seq : ''; },
    text => { if (text) go(Number(eventAt(text, log))); });
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

start().catch(problem => page.replaceChildren(el('p', { className: 'loading bad' }, /** @type {Error} */ (problem).message)));
