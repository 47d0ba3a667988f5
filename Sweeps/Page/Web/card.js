import { changesControls, download, el, replaceControls, toCsv } from './dom.js';
import { CanvasSurface, SvgSurface, textWidth } from './surface.js';
import { palette } from './theme.js';
import { stateNames } from './fold.js';
import { counted, formatCount } from './scales.js';
/** @import { Surface } from './surface.js' */
/** @import { Palette } from './theme.js' */
/** @import { Scale } from './scales.js' */
/** @import { View, Change } from './view.js' */

/**
 * The area in which a chart draws, and its colours.
 * @typedef {object} Box
 * @property {number} w @property {number} h Width and height in pixels.
 * @property {Palette} palette
 */

/** @typedef {{x: number, y: number, w: number, h: number}} Rect */

/**
 * The element of a chart under the pointer: a run, or lines of text.
 * @typedef {{run?: number, lines?: string[]}} Spot
 */

/**
 * @typedef {object} Chart
 * @property {string} id
 * @property {string} title
 * @property {string} help What the chart shows, for its tooltip and for screen readers.
 * @property {boolean} [wide] Whether the chart takes a whole row of the page.
 * @property {(width: number) => number} height
 * @property {() => (Node | null)[]} [controls]
 * @property {(surface: Surface, box: Box) => void} paint
 * @property {(surface: Surface, box: Box) => void} [overlay] Draws the marks that depend on the hovered run and the picked runs.
 * @property {() => string} [empty] Says why there is nothing to draw, instead of the drawing and the caption; empty if there is something.
 * @property {() => boolean} [absent] Whether the card is left out, because another one says why there is nothing to draw.
 * @property {() => boolean} [marksBest] Whether the overlay marks the best selected run and the caption names the marked runs, so that both must be
 * made again when they change.
 * @property {(x: number, y: number) => Spot | null} [find]
 * @property {() => (string | number)[][]} rows The chart's data, with a header row.
 * @property {() => string} caption The text below the chart: how much of the sweep it shows.
 * @property {(plot: HTMLElement, redraw: () => void) => void} [attach] Adds its own elements and listeners.
 * @property {boolean} [whole] Whether the chart shows all runs, so that a change of the selection needs no new drawing.
 */

/** The milliseconds of a frame for drawing charts. The other charts are drawn in the next frames. */
const frameBudget = 12;

/**
 * Draws the charts that need drawing: in each frame as many as `frameBudget` allows, and at least one, in every other frame two. The chart under
 * the pointer comes first, then the charts that were skipped most often, then those further up on the page.
 */
class Drawing {
  constructor() {
    /** @type {Set<Card>} */
    this.waiting = new Set();
    /** @type {Card[]} */
    this.cards = [];
    /** @type {Card | null} The card under the pointer, or the card that was touched last. */
    this.pointed = null;
    this.frame = 0;
    /** Whether the last frame drew one chart only and others waited. */
    this.single = false;
  }

  /** @param {Card} card */
  add(card) {
    this.waiting.add(card);
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const end = performance.now() + frameBudget;
    const isPointed = (/** @type {Card} */ card) => Number(card === this.pointed);
    const cards = [...this.waiting].sort((a, b) => isPointed(b) - isPointed(a) || b.skipped - a.skipped
      || (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    const least = this.single ? 2 : 1;
    let drawn = 0;
    for (const card of cards) {
      card.skipped = drawn >= least && performance.now() > end ? card.skipped + 1 : 0;
      if (card.skipped) continue;
      this.waiting.delete(card);
      card.draw();
      drawn++;
    }
    this.single = drawn === 1 && this.waiting.size > 0;
    if (this.waiting.size) this.frame ||= requestAnimationFrame(() => this.draw());
  }
}

const drawing = new Drawing();

// A touch ends with `pointerleave`, but what it shows stays until the next touch elsewhere.
addEventListener('pointerdown', event => {
  const card = drawing.pointed;
  if (card && !card.plot.contains(/** @type {Node} */ (event.target))) card.leave();
}, true);

/** The width of a chart on paper in pixels: that of a page without its margins. */
const paperWidth = 700;

// Paper shows all charts, also those that were not visible yet, in the light colours.
/** @type {string | undefined} */
let themeOnScreen;
addEventListener('beforeprint', () => {
  themeOnScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = 'light';
  for (const card of drawing.cards) {
    if (card.element.hidden) continue;
    card.width = paperWidth;
    card.stale = card.staleOverlay = true;
    card.draw();
  }
});
addEventListener('afterprint', () => {
  if (themeOnScreen) document.documentElement.dataset.theme = themeOnScreen;
  else delete document.documentElement.dataset.theme;
  for (const card of drawing.cards) {
    card.width = 0;
    card.dirty();
  }
});

/** A chart on the page: title, controls, drawing, tooltip, export. It draws only while it is visible, and for paper. */
export class Card {
  /** @param {View} view @param {Chart} chart */
  constructor(view, chart) {
    this.view = view;
    this.chart = chart;
    this.visible = false;
    this.width = 0;
    this.stale = true;
    this.staleOverlay = true;
    /** The number of frames that ended before the chart was drawn. */
    this.skipped = 0;
    this.base = el('canvas', { 'aria-hidden': 'true' });
    this.over = el('canvas', { 'aria-hidden': 'true', className: 'over' });
    this.tip = el('div', { className: 'tip', role: 'tooltip', hidden: true });
    this.controls = el('div', { className: 'controls' });
    this.caption = el('p', { className: 'caption' });
    this.menu = this.exportMenu();
    this.plot = el('div', { className: 'plot', tabIndex: 0, role: 'group', 'aria-roledescription': 'chart', 'aria-label': `${chart.title}. ${chart.help}` }, this.base, this.over, this.tip);
    this.element = el('section', { className: chart.wide ? 'card wide' : 'card', id: view.prefix + chart.id, 'aria-label': chart.title },
      el('header', {}, el('div', { className: 'heading' }, el('h3', { title: chart.help }, chart.title), this.menu), this.controls), this.plot, this.caption);
    this.plot.style.height = chart.height(1000) + 'px';
    this.element.hidden = chart.absent?.() ?? false;
    this.buildControls();
    drawing.cards.push(this);
    this.plot.addEventListener('pointermove', event => this.point(event));
    this.plot.addEventListener('pointerleave', () => this.leave());
    this.plot.addEventListener('click', event => this.click(event));
    this.plot.addEventListener('keydown', event => this.key(event));
    chart.attach?.(this.plot, () => this.dirty());
    view.listeners.add(change => this.changed(change));
    new IntersectionObserver(entries => {
      this.visible = entries[entries.length - 1].isIntersecting;
      if (this.visible) this.request();
    }, { rootMargin: '200px' }).observe(this.element);
    new ResizeObserver(entries => {
      this.width = Math.floor(entries[entries.length - 1].contentRect.width);
      this.dirty();
    }).observe(this.plot);
  }

  buildControls() {
    replaceControls(this.controls, this.chart.controls?.() ?? []);
  }

  /** @param {Change} change */
  changed(change) {
    // The positions of the marked runs do not depend on the selection.
    if (change !== 'mask' || this.chart.marksBest?.()) this.staleOverlay = true;
    if (change !== 'hover' && !(change === 'mask' && this.chart.whole)) this.stale = true;
    if (changesControls(change, this.controls)) this.staleControls = true;
    if (this.chart.absent && change !== 'hover') this.element.hidden = this.chart.absent();
    this.request();
  }

  dirty() {
    this.stale = this.staleOverlay = true;
    this.request();
  }

  request() {
    if (this.visible && (this.stale || this.staleOverlay)) drawing.add(this);
  }

  /** @returns {Box} */
  get box() {
    // The observer measures the width when it changes: reading `clientWidth` while other elements change would force a layout of the page.
    const w = Math.max(200, this.width ||= this.plot.clientWidth);
    return { w, h: this.chart.height(w), palette: palette() };
  }

  draw() {
    if (this.staleControls) this.buildControls();
    this.staleControls = false;
    const empty = this.chart.empty?.() ?? '';
    this.plot.hidden = this.menu.hidden = empty !== '';
    if (empty) this.caption.textContent = empty;
    else this.drawChart();
    if (!this.drawn) performance.mark('drawn:' + this.view.prefix + this.chart.id);
    this.drawn = true;
    this.element.dataset.drawn = 'true';
    this.stale = this.staleOverlay = false;
  }

  drawChart() {
    const box = this.box;
    this.plot.style.height = box.h + 'px';
    for (const canvas of [this.base, this.over]) [canvas.style.width, canvas.style.height] = [box.w + 'px', box.h + 'px'];
    if (this.stale) {
      const surface = new CanvasSurface(this.base, box.w, box.h);
      surface.rect(0, 0, box.w, box.h, box.palette.background);
      this.chart.paint(surface, box);
    }
    if (this.stale || this.chart.marksBest?.()) this.caption.textContent = this.chart.caption();
    if (this.staleOverlay && this.chart.overlay) this.chart.overlay(new CanvasSurface(this.over, box.w, box.h), box);
  }

  /** @param {MouseEvent} event */
  point(event) {
    drawing.pointed = this;
    const bounds = this.plot.getBoundingClientRect();
    this.show(this.chart.find?.(event.clientX - bounds.left, event.clientY - bounds.top) ?? null, event.clientX - bounds.left, event.clientY - bounds.top);
  }

  /** @param {Spot | null} spot @param {number} x @param {number} y */
  show(spot, x, y) {
    this.view.hover(spot?.run ?? -1);
    const lines = spot ? [...(spot.lines ?? []), ...(spot.run === undefined ? [] : describeRun(this.view, spot.run))] : [];
    this.tip.hidden = lines.length === 0;
    if (!lines.length) return;
    this.tip.replaceChildren(...lines.map((line, i) => el('div', { className: i === 0 ? 'first' : '' }, line)));
    const width = this.tip.offsetWidth;
    this.tip.style.left = Math.max(0, Math.min(this.plot.clientWidth - width, x + 14 + width > this.plot.clientWidth ? x - width - 14 : x + 14)) + 'px';
    this.tip.style.top = Math.max(0, Math.min(y + 14, this.plot.clientHeight - this.tip.offsetHeight)) + 'px';
  }

  leave() {
    drawing.pointed = null;
    this.tip.hidden = true;
    this.view.hover(-1);
  }

  /** @param {MouseEvent} event */
  click(event) {
    if (event.target !== this.over) return;
    // A touch has no `pointermove` before its click.
    this.point(event);
    if (this.view.hovered >= 0) this.view.pick(this.view.hovered, event.ctrlKey || event.metaKey || event.shiftKey);
  }

  /** Arrow keys move through the best 200 selected runs, best first; Enter picks one. @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.plot || !this.chart.find) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const runs = this.view.top(200);
      if (!runs.length) return;
      const at = runs.indexOf(this.view.hovered);
      const run = runs[(at < 0 ? (step > 0 ? 0 : -1) : at + step + runs.length) % runs.length] ?? runs[runs.length - 1];
      this.show({ run }, 40, 10);
      event.preventDefault();
    } else if (event.key === 'Enter' && this.view.hovered >= 0) this.view.pick(this.view.hovered, event.shiftKey);
    else if (event.key === 'Escape') this.leave();
  }

  exportMenu() {
    const name = () => `${this.view.log.about.sweep}-${this.chart.id}`;
    const item = (/** @type {string} */ text, /** @type {() => void} */ act) => el('button', { type: 'button', onclick: () => {
      menu.open = false;
      act();
    } }, text);
    const menu = el('details', { className: 'menu' }, el('summary', { title: 'Save this chart', 'aria-label': `Save ${this.chart.title}` }, '⤓'),
      el('div', {},
        item('Picture (PNG)', () => this.toPng().then(blob => download(name() + '.png', blob))),
        item('Drawing (SVG)', () => download(name() + '.svg', new Blob([this.toSvg()], { type: 'image/svg+xml' }))),
        item('Data (CSV)', () => download(name() + '.csv', new Blob([toCsv(this.chart.rows())], { type: 'text/csv' })))));
    return menu;
  }

  /** @returns {string} */
  toSvg() {
    const box = this.box;
    const surface = new SvgSurface(box.w, box.h, box.palette.background);
    this.chart.paint(surface, box);
    this.chart.overlay?.(surface, box);
    return surface.toString();
  }

  /** @returns {Promise<Blob>} At twice the size on the page. */
  toPng() {
    const box = this.box;
    const canvas = document.createElement('canvas');
    const surface = new CanvasSurface(canvas, box.w, box.h, 2);
    surface.rect(0, 0, box.w, box.h, box.palette.background);
    this.chart.paint(surface, box);
    this.chart.overlay?.(surface, box);
    return new Promise((done, fail) => canvas.toBlob(blob => blob ? done(blob) : fail(new Error('The browser could not write the picture.')), 'image/png'));
  }
}

/**
 * @param {View} view
 * @param {number} run
 * @returns {string[]} A description of a run in a few lines: its value, its varying parameters, and the reason for its last change of state.
 */
function describeRun(view, run) {
  const { runs, log } = view;
  const objective = view.column('objective');
  const value = objective ? view.show(objective, run) : '';
  const lines = [`run ${run} · ${stateNames[runs.state[run]]}${value ? ` · ${view.objective} ${value}` : ''} · ${counted(runs.epoch[run], 'epoch')}`];
  const parameters = view.varying.map(one => view.column('p:' + one.name)).filter(one => one !== null);
  const shown = parameters.map(column => [column.label, view.show(column, run)]).filter(([, text]) => text).slice(0, 10);
  if (shown.length) lines.push(shown.map(([name, text]) => `${name} ${text}`).join(' · '));
  const why = runs.movedAt[run] >= 0 ? log.textOf(runs.movedAt[run]) : '';
  if (why) lines.push(...why.split('\n'));
  return lines;
}

/** The distance in pixels between the axes and the nearest points. It is larger than a point, so that no point is cut off. */
const inset = 6;

/**
 * Draws axes and grid, and returns the rectangle of the scales, which is `inset` pixels inside the axes.
 * @param {Surface} surface
 * @param {Box} box
 * @param {Scale} x
 * @param {Scale} y
 * @param {{x: string, y: string, top?: number, right?: number, left?: number, second?: {scale: Scale, label: string}}} labels `second` has the axis at the
 * right of the plot, and `right` is the width beside it.
 * @returns {Rect}
 */
export function frame(surface, box, x, y, labels) {
  const { dim, grid, text } = box.palette;
  const top = labels.top ?? 14;
  const yTicks = y.ticks(Math.max(2, Math.floor((box.h - top - 40) / 34)));
  const left = labels.left ?? Math.min(box.w * 0.35, 26 + Math.max(...yTicks.map(tick => textWidth(y.format(tick), 11)), 10));
  const second = labels.second?.scale.ticks(yTicks.length) ?? [];
  const right = (labels.right ?? 16) + (labels.second ? 22 + Math.max(...second.map(tick => textWidth(labels.second?.scale.format(tick) ?? '', 11)), 10) : 0);
  const outer = { x: left, y: top, w: box.w - left - right, h: box.h - top - 40 };
  const plot = { x: outer.x + inset, y: outer.y + inset, w: outer.w - 2 * inset, h: outer.h - 2 * inset };
  const xTicks = x.ticks(Math.max(3, Math.floor(plot.w / 90)));
  for (const tick of yTicks) {
    const at = plot.y + plot.h * (1 - y.map(tick));
    surface.segments([outer.x, at, outer.x + outer.w, at], grid, 1);
    surface.text(y.format(tick), outer.x - 6, at, { color: dim, size: 11, align: 'right', most: left - 24 });
  }
  let last = -Infinity;
  for (const tick of xTicks) {
    const at = plot.x + plot.w * x.map(tick);
    const width = Math.min(plot.w / Math.max(1, xTicks.length) - 8, textWidth(x.format(tick), 11));
    if (!x.categories) surface.segments([at, outer.y, at, outer.y + outer.h], grid, 1);
    if (at - width / 2 < last + 6) continue;
    last = at + width / 2;
    surface.text(x.format(tick), Math.max(outer.x - 4, Math.min(at, box.w - width / 2 - 2)), outer.y + outer.h + 12, { color: dim, size: 11, align: 'center', most: Math.max(24, x.categories ? width : 200) });
  }
  surface.segments([outer.x, outer.y + outer.h, outer.x + outer.w, outer.y + outer.h, outer.x, outer.y, outer.x, outer.y + outer.h], dim, 1, 0.7);
  if (labels.second) {
    const [scale, at] = [labels.second.scale, outer.x + outer.w];
    for (const tick of second) surface.text(scale.format(tick), at + 6, plot.y + plot.h * (1 - scale.map(tick)), { color: dim, size: 11 });
    surface.segments([at, outer.y, at, outer.y + outer.h], dim, 1, 0.7, [5, 4]);
    surface.text(labels.second.label, at + right - (labels.right ?? 16) + 4, plot.y + plot.h / 2, { color: text, size: 12, align: 'center', turn: -90, most: plot.h });
  }
  surface.text(labels.x, plot.x + plot.w / 2, box.h - 9, { color: text, size: 12, align: 'center', most: plot.w });
  surface.text(labels.y, 9, plot.y + plot.h / 2, { color: text, size: 12, align: 'center', turn: -90, most: plot.h });
  return plot;
}

/**
 * Draws within the axes, so that values outside of the scales are cut off at them.
 * @param {Surface} surface @param {Rect} plot The rectangle that `frame` returned. @param {() => void} draw
 */
export function within(surface, plot, draw) {
  surface.clip(plot.x - inset, plot.y - inset, plot.w + 2 * inset, plot.h + 2 * inset, draw);
}

/** @param {View} view @returns {string} `120 of 400 runs shown` */
export function shown(view) { return `${formatCount(view.selected)} of ${counted(view.runs.count, 'run')} shown`; }
