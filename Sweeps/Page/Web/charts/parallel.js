import { el } from '../dom.js';
import { shown } from '../card.js';
import { noBin, paintPairs, toBins } from '../density.js';
import { counted } from '../scales.js';
import { layer } from '../surface.js';
/** @import { Chart, Box } from '../card.js' */
/** @import { Surface } from '../surface.js' */
/** @import { View, RunColumn } from '../view.js' */
/** @import { Scale } from '../scales.js' */

/** The largest number of selected runs that are all drawn as lines; more are drawn as densities. */
const maxLines = 300;

/** @typedef {{key: string, flip: boolean, log: boolean, column: RunColumn, scale: Scale, bins: Uint8Array, version: number, x: number}} Axis */

/** Parallel coordinates: a line for each run through its parameters and its value. @param {View} view @returns {Chart} */
export function parallelChart(view) {
  /** @type {Map<string, Axis>} */
  const cache = new Map();
  /** @type {Axis[]} */
  let axes = [];
  /** @type {{key?: string, canvas?: HTMLCanvasElement}} */
  const rest = {};
  /** @type {{key?: string, canvas?: HTMLCanvasElement}} */
  const scales = {};
  const top = 52;
  let height = 360;
  let room = 1200;
  /** @type {HTMLElement} The names of the axes. */
  let heads;
  let headsKey = '';
  /** @type {HTMLElement} The areas over the axes in which a touch selects and does not scroll the page. */
  let strips;
  /** @type {HTMLButtonElement | undefined} */
  let clear;
  /** @type {{axis: number, from: number, to: number} | null} */
  let dragging = null;

  const bottom = () => height - 26;
  const yOf = (/** @type {Axis} */ axis, /** @type {number} */ value) => {
    const t = axis.scale.map(value);
    return bottom() + (top - bottom()) * (axis.flip ? 1 - t : t);
  };
  const tAt = (/** @type {Axis} */ axis, /** @type {number} */ y) => {
    const t = Math.min(1, Math.max(0, (bottom() - y) / (bottom() - top)));
    return axis.flip ? 1 - t : t;
  };

  /** The axes as in the settings: keys of columns, with `~` for a flipped axis and `^` for the other kind of scale (linear or logarithmic). */
  const chosen = () => {
    const text = view.get('axes');
    if (text) return text.split('|').filter(one => view.column(one.replace(/[~^]+$/, '')));
    // If there is not enough room for all parameters, the most important ones are shown. The user can add the others.
    const ranked = /** @type {string[]} */ ((view.analysis?.parameters ?? []).map((/** @type {any} */ one) => one.name));
    const names = view.varying.map(one => one.name);
    const most = Math.max(3, Math.floor(room / 100));
    const kept = names.length <= most ? names : [...names].sort((a, b) => (ranked.indexOf(a) + 1 || 99) - (ranked.indexOf(b) + 1 || 99)).slice(0, most);
    return [...names.filter(name => kept.includes(name)).map(name => 'p:' + name), 'objective'];
  };
  const store = (/** @type {string[]} */ keys) => view.set('axes', keys.join('|'));

  const layout = (/** @type {number} */ width) => {
    const keys = chosen();
    const inner = width - 110;
    axes = keys.map((text, i) => {
      const key = text.replace(/[~^]+$/, '');
      const known = cache.get(text);
      const x = 50 + (keys.length > 1 ? inner * i / (keys.length - 1) : inner / 2);
      if (known?.version === view.version) return Object.assign(known, { x });
      const column = /** @type {RunColumn} */ (view.column(key));
      const log = text.includes('^') !== (column.log ?? false);
      const flip = text.includes('~');
      const scale = view.scale(column, log);
      const axis = { key, flip, log, column, scale, version: view.version, x, bins: toBins(column.values, flip ? value => 1 - scale.map(value) : scale.map, view.runs.count, known?.bins.length === view.runs.count ? known.bins : undefined) };
      cache.set(text, axis);
      return axis;
    });
  };

  const points = (/** @type {number} */ run) => {
    const line = [];
    for (const axis of axes) line.push(axis.bins[run] === noBin ? NaN : axis.x, yOf(axis, axis.column.values[run]));
    return line;
  };

  const setBrush = (/** @type {Axis} */ axis, /** @type {number} */ a, /** @type {number} */ b) => {
    const [low, high] = [a, b].map(y => tAt(axis, y)).sort((p, q) => p - q);
    if (axis.column.categories) {
      const names = axis.column.categories.filter((_, i) => { const t = axis.scale.map(i + 1); return t >= low - 0.5 / 64 && t <= high + 0.5 / 64; });
      view.brush(axis.key, names.length ? names : null);
    } else
      // An error of rounding must not leave out the first or the last value of the axis.
      view.brush(axis.key, [axis.scale.invert(low - 1e-9), axis.scale.invert(high + 1e-9)]);
  };

  /** The selected parts of an axis, as positions from its lower end (0) to its upper end (1). @param {Axis} axis @returns {[number, number][]} */
  const spansOf = axis => {
    const range = view.brushes[axis.key];
    if (!range) return [];
    const { categories } = axis.column;
    const spans = categories
      ? /** @type {string[]} */ (range).map(name => axis.scale.map(categories.indexOf(name) + 1)).map(t => [t - 0.35 / categories.length, t + 0.35 / categories.length])
      : [/** @type {[number, number]} */ (range).map(value => axis.scale.map(value))];
    return spans.map(span => /** @type {[number, number]} */ (span.map(t => Math.min(1, Math.max(0, axis.flip ? 1 - t : t))).sort((p, q) => p - q)));
  };

  /**
   * Moves an end of the selected part of an axis: by a category, or by a twentieth of the axis.
   * @param {Axis} axis @param {number} step Up (1) or down (−1). @param {boolean} lower Whether to move the lower end.
   */
  const moveEnd = (axis, step, lower) => {
    const steps = axis.column.categories?.length ?? 20;
    const spans = spansOf(axis);
    let [low, high] = spans.length ? [Math.floor(Math.min(...spans.map(span => span[0])) * steps + 1e-6), Math.ceil(Math.max(...spans.map(span => span[1])) * steps - 1e-6)] : [0, steps];
    if (lower) low = Math.min(high - 1, Math.max(0, low + step));
    else high = Math.max(low + 1, Math.min(steps, high + step));
    const y = (/** @type {number} */ place) => bottom() + (top - bottom()) * place / steps;
    if (low === 0 && high === steps) view.brush(axis.key, null);
    else setBrush(axis, y(low), y(high));
  };

  /** Builds the names of the axes again if they have changed. The focus stays on its axis, or goes to the first one if that was hidden. */
  const buildHeads = () => {
    const names = axes.map(axis => axis.column.label + (axis.flip ? ' ↓' : '') + (axis.log && !axis.column.log ? ' log' : !axis.log && axis.column.log ? ' lin' : ''));
    const key = JSON.stringify(axes.map((axis, i) => [axis.key, names[i]]));
    if (key === headsKey) return placeHeads();
    headsKey = key;
    const focused = heads.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.axis : null;
    const built = axes.map((axis, i) => el('button', {
      type: 'button', className: 'axis', 'data-axis': axis.key, 'aria-keyshortcuts': 'ArrowLeft ArrowRight ArrowUp ArrowDown Shift+ArrowUp Shift+ArrowDown Escape f l Delete',
      title: `${axis.column.label}: drag to move, click to flip, L for the other scale, Delete to hide; drag along the axis to select, or ↑ and ↓ for the upper end, with Shift for the lower end`,
      onkeydown: (/** @type {KeyboardEvent} */ event) => headKey(event, i), onpointerdown: (/** @type {PointerEvent} */ event) => headDrag(event, i),
    }, names[i]));
    heads.replaceChildren(...built);
    strips.replaceChildren(...axes.map((_, i) => el('div', { className: 'strip', onpointerdown: (/** @type {PointerEvent} */ event) => startBrush(event, i) })));
    if (focused) (built.find(head => head.dataset.axis === focused) ?? built[0]).focus({ preventScroll: true });
    placeHeads();
  };
  const placeHeads = () => {
    const gap = axes.length > 1 ? axes[1].x - axes[0].x : 120;
    [...heads.children].forEach((head, i) => {
      const style = /** @type {HTMLElement} */ (head).style;
      // Shares of the width, not pixels: on paper the drawing is as wide as the page.
      style.left = 100 * axes[i].x / room + '%';
      // The names of the outer axes stay within the card.
      const outer = i === 0 ? axes[i].x : i === axes.length - 1 ? room - axes[i].x : Infinity;
      style.maxWidth = 100 * Math.max(44, Math.min(gap - 6, 2 * outer + 16)) / room + '%';
      style.top = i % 2 && gap < 90 ? '22px' : '2px';
      Object.assign(/** @type {HTMLElement} */ (strips.children[i]).style, { left: style.left, top: top - 12 + 'px', width: Math.min(32, gap) + 'px', height: height - top + 12 + 'px' });
    });
  };

  /** @param {PointerEvent} event @param {number} axis */
  const startBrush = (event, axis) => {
    const plot = /** @type {HTMLElement} */ (strips.parentElement);
    const y = event.clientY - plot.getBoundingClientRect().top;
    dragging = { axis, from: y, to: y };
    plot.setPointerCapture(event.pointerId);
    event.preventDefault();
  };

  const change = (/** @type {number} */ i, /** @type {string} */ sign) => {
    const keys = chosen();
    keys[i] = keys[i].includes(sign) ? keys[i].replace(sign, '') : keys[i] + sign;
    store(keys);
  };
  const move = (/** @type {number} */ from, /** @type {number} */ to) => {
    const keys = chosen();
    keys.splice(Math.max(0, Math.min(keys.length - 1, to)), 0, ...keys.splice(from, 1));
    store(keys);
  };
  const headKey = (/** @type {KeyboardEvent} */ event, /** @type {number} */ i) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === 'ArrowLeft' && i > 0) move(i, i - 1);
    else if (key === 'ArrowRight' && i < axes.length - 1) move(i, i + 1);
    else if (key === 'f' || key === 'Enter' || key === ' ') change(i, '~');
    else if (key === 'l' && !axes[i].column.categories) change(i, '^');
    else if (key === 'ArrowUp' || key === 'ArrowDown') moveEnd(axes[i], key === 'ArrowUp' ? 1 : -1, event.shiftKey);
    else if (key === 'Escape') view.brush(axes[i].key, null);
    else if (key === 'Delete' && axes.length > 2) store(chosen().filter((_, at) => at !== i));
    else return;
    event.preventDefault();
  };
  const headDrag = (/** @type {PointerEvent} */ event, /** @type {number} */ i) => {
    const head = /** @type {HTMLElement} */ (event.currentTarget);
    const start = event.clientX;
    const origin = axes[i].x;
    let moved = false;
    head.setPointerCapture(event.pointerId);
    head.onpointermove = moving => {
      if (Math.abs(moving.clientX - start) > 4) moved = true;
      if (moved) head.style.left = origin + moving.clientX - start + 'px';
    };
    head.onpointercancel = () => {
      head.onpointermove = head.onpointerup = head.onpointercancel = null;
      placeHeads();
    };
    head.onpointerup = up => {
      head.onpointermove = head.onpointerup = head.onpointercancel = null;
      head.blur();
      if (!moved) return change(i, '~');
      const x = origin + up.clientX - start;
      move(i, axes.filter((axis, at) => at !== i && axis.x < x).length);
    };
  };

  return {
    id: 'parallel', title: 'Parallel coordinates', wide: true,
    help: 'Each run is a line through its parameters and its value; the colour is the rank of its value. Drag along an axis to select runs.',
    height: width => (height = width < 600 ? 300 : 380),
    controls: () => [
      clear = el('button', { type: 'button', disabled: Object.keys(view.brushes).length === 0, onclick: () => view.set('brush', '', 'mask') }, 'Clear selection'),
      view.get('axes') ? el('button', { type: 'button', onclick: () => view.set('axes', '') }, 'Reset axes') : null,
      addAxis(),
    ],
    attach(plot) {
      [strips, heads] = [el('div', { className: 'heads' }), el('div', { className: 'heads' })];
      plot.append(strips, heads);
      plot.addEventListener('pointermove', event => {
        if (!dragging) return;
        dragging.to = event.clientY - plot.getBoundingClientRect().top;
        if (Math.abs(dragging.to - dragging.from) > 3) setBrush(axes[dragging.axis], dragging.from, dragging.to);
      });
      plot.addEventListener('pointerup', () => {
        if (dragging && Math.abs(dragging.to - dragging.from) <= 3) view.brush(axes[dragging.axis].key, null);
        dragging = null;
      });
      // The browser may take over a touch, for example for a gesture of two fingers: then there is no pointerup.
      plot.addEventListener('pointercancel', () => { dragging = null; });
    },
    empty: () => chosen().length > 1 ? '' : 'Parallel coordinates need a parameter that varies.',
    paint(surface, box) {
      [height, room] = [box.h, box.w];
      layout(box.w);
      buildHeads();
      const { palette } = box;
      const everything = view.selected === view.runs.count;
      const few = view.selected <= maxLines;
      const pairs = axes.slice(1).map((axis, i) => ({ left: axes[i].bins, right: axis.bins, x0: axes[i].x, x1: axis.x }));
      if (!everything) layer(surface, box, rest, `${view.version} ${palette.rest} ${chosen()}`, to => paintPairs(to, pairs, ones(view.runs.count), null, [palette.rest], top, bottom(), 0.3));
      if (!few) paintPairs(surface, pairs, view.mask, view.level, palette.ramp, top, bottom(), 0.95);
      if (clear) clear.disabled = Object.keys(view.brushes).length === 0;
      if (few) {
        const runs = [...view.mask.keys()].filter(run => view.mask[run]).sort((a, b) => view.level[b] - view.level[a]);
        for (const run of runs) surface.line(points(run), palette.ramp[view.level[run]], 1.2, 0.75);
      } else
        for (const run of view.top(10).reverse()) surface.line(points(run), palette.ramp[0], 1.4, 0.9);
      // The letters with their halos take longer than the density.
      layer(surface, box, scales, `${view.version} ${palette.text} ${chosen()}`, to => {
        for (const axis of axes) {
          to.segments([axis.x, top, axis.x, bottom()], palette.text, 1.2);
          for (const tick of axis.scale.ticks(Math.floor((bottom() - top) / 44))) {
            const y = yOf(axis, tick);
            to.segments([axis.x - 4, y, axis.x, y], palette.text, 1);
            to.text(axis.scale.format(tick), axis.x + 6, y, { color: palette.text, size: 11, most: 90, halo: palette.background });
          }
        }
      });
      paintBrushes(surface, box);
      if (!heads?.isConnected || !('context' in surface)) for (const axis of axes) surface.text(axis.column.label, axis.x, 16, { color: palette.text, size: 11, align: 'center', bold: true });
    },
    overlay(surface, box) {
      for (const run of view.picked) surface.line(points(run), box.palette.accent, 2.4);
      if (view.baseline >= 0) surface.line(points(view.baseline), box.palette.text, 2.4, 1, [6, 4]);
      if (view.hovered >= 0 && view.hovered < view.runs.count) {
        surface.line(points(view.hovered), box.palette.background, 5);
        surface.line(points(view.hovered), box.palette.accent, 2.6);
      }
    },
    find(x, y) {
      if (dragging) return null;
      const i = axes.findIndex((axis, at) => at + 1 < axes.length && x >= axis.x && x <= axes[at + 1].x);
      if (i < 0) return null;
      const [left, right] = [axes[i], axes[i + 1]];
      const t = (x - left.x) / (right.x - left.x);
      const span = bottom() - top;
      let best = -1;
      let distance = 8;
      for (let run = 0; run < view.runs.count; run++) {
        if (!view.mask[run] || left.bins[run] === noBin || right.bins[run] === noBin) continue;
        // The bins give an approximate distance: compute the exact one only for runs near the pointer.
        const rough = bottom() - span * ((1 - t) * left.bins[run] + t * right.bins[run] + 0.5) / 64;
        if (Math.abs(rough - y) > distance + span / 64) continue;
        const at = Math.abs((1 - t) * yOf(left, left.column.values[run]) + t * yOf(right, right.column.values[run]) - y);
        if (at < distance) [best, distance] = [run, at];
      }
      return best < 0 ? null : { run: best };
    },
    rows: () => view.rows(axes.map(axis => axis.column), selectedRuns(view)),
    caption: () => `${shown(view)}, ${axes.filter(axis => axis.key.startsWith('p:')).length} of ${counted(view.varying.length, 'parameter')}${view.selected > maxLines ? ', as densities of 64 × 64 bins between two axes; the best ten, picked and pointed ones as lines' : ''}. Colour: rank by ${view.objective}.`,
  };

  function addAxis() {
    const used = new Set(chosen().map(one => one.replace(/[~^]+$/, '')));
    const unused = view.keys.filter(key => !used.has(key) && key !== 'run');
    if (!unused.length) return null;
    const select = el('select', { 'aria-label': 'Add an axis', title: 'Add an axis', onchange: () => store([...chosen(), select.value]) }, el('option', { value: '' }, '+ axis'));
    for (const key of unused) select.append(el('option', { value: key }, view.column(key)?.label ?? key));
    return select;
  }

  /** @param {Surface} surface @param {Box} box */
  function paintBrushes(surface, box) {
    for (const axis of axes)
      for (const [low, high] of spansOf(axis)) {
        const ys = [high, low].map(t => bottom() + (top - bottom()) * t);
        surface.rect(axis.x - 7, ys[0], 14, Math.max(2, ys[1] - ys[0]), box.palette.accent, 0.3);
        surface.segments([axis.x - 7, ys[0], axis.x + 7, ys[0], axis.x - 7, ys[1], axis.x + 7, ys[1]], box.palette.accent, 1.5);
      }
  }
}

/** @type {Uint8Array} */
let onesCache = new Uint8Array(0);

/** @param {number} count */
function ones(count) { return onesCache.length === count ? onesCache : (onesCache = new Uint8Array(count).fill(1)); }

/** @param {View} view @returns {number[]} */
export function selectedRuns(view) {
  const runs = [];
  for (let run = 0; run < view.runs.count; run++) if (view.mask[run]) runs.push(run);
  return runs;
}
