import { changesControls, checkedField, choice, download, el, replaceControls, searchFor, searchProblem, toCsv, toggle } from './dom.js';
import { groupBy } from './groups.js';
import { counted, formatCount, formatNumber } from './scales.js';
import { palette } from './theme.js';
import { Sorter } from './sorter.js';
import { selectedRuns } from './charts/parallel.js';
/** @import { View, Change, RunColumn } from './view.js' */

const rowHeight = 30;

/**
 * A row of the table: a run or the index of a group.
 * @typedef {{run: number} | {group: number}} Row
 */

/** The table of runs. Only the visible rows exist as elements. */
export class RunTable {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.sorter = new Sorter();
    /** @type {Uint32Array} */
    this.order = new Uint32Array(0);
    /** @type {{key: string, sign: 1 | -1}[]} The columns by which the runs of `order` are sorted. */
    this.sorted = [];
    /** @type {number | undefined} */
    this.frame = undefined;
    this.headKey = '';
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Set<number>} */
    this.open = new Set();
    /** The index of the row that the keys have reached; −1 before the first key. */
    this.current = -1;
    this.head = el('thead');
    this.body = el('tbody');
    this.table = el('table', { className: 'runs', 'aria-label': 'Runs' }, this.head, this.body);
    this.scroll = el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Table of runs', onscroll: () => this.request(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event), onblur: () => this.mark() }, this.table);
    this.caption = el('p', { className: 'caption' });
    this.controls = el('div', { className: 'controls' });
    this.element = el('section', { className: 'card wide', id: view.prefix + 'table', 'aria-label': 'Runs' }, el('header', {}, el('h3', {}, 'Runs'), this.controls), this.scroll, this.caption);
    view.listeners.add(change => this.changed(change));
    new ResizeObserver(() => this.request()).observe(this.scroll);
    new IntersectionObserver(entries => {
      this.visible = entries[entries.length - 1].isIntersecting;
      if (this.visible && this.staleOrder) this.sort();
    }, { rootMargin: '400px' }).observe(this.element);
    this.buildControls();
    this.sort();
  }

  buildControls() {
    const { view } = this;
    const groups = this.groupKeys;
    replaceControls(this.controls, [
      checkedField({ type: 'search', placeholder: 'columns (regex)', 'aria-label': 'Show columns whose name matches', value: view.get('t.cols'), size: 14 }, 'input', searchProblem, text => view.set('t.cols', text)),
      choice('Value of the metrics', [['best', 'metrics at the best epoch'], ['last', 'metrics at the last epoch']], view.get('value', 'best'), value => { view.set('value', value === 'best' ? '' : value); view.refresh(); }),
      choice('Group by', [['', groups.length ? '+ group' : 'group by'], .../** @type {[string, string][]} */ (view.keys.filter(key => (key.startsWith('p:') || key === 'state' || key === 'node') && !groups.includes(key)).map(key => [key, view.column(key)?.label ?? key]))], '', key => view.set('t.group', [...groups, key].join('|'))),
      ...groups.map(key => el('button', { type: 'button', title: 'Do not group by it', onclick: () => view.set('t.group', groups.filter(one => one !== key).join('|')) }, `${view.column(key)?.label ?? key} ✕`)),
      toggle('differences', 'Show differences to the baseline: the run whose row has a ◆', view.get('t.diff', '1') === '1', on => view.set('t.diff', on ? '' : '0')),
      el('button', { type: 'button', title: 'Save the rows and columns shown', onclick: () => download(`${view.log.about.sweep}-runs.csv`, new Blob([this.csv()], { type: 'text/csv' })) }, '⤓ CSV'),
    ]);
  }

  get groupKeys() { return this.view.get('t.group').split('|').filter(key => key && this.view.column(key)); }

  get pinnedKeys() { return this.view.get('t.pin').split('|').filter(key => key && this.view.column(key)); }

  /** @returns {{key: string, sign: 1 | -1}[]} */
  get sorting() {
    const text = this.view.get('t.sort', (this.view.maximize ? '-' : '') + 'objective');
    return text.split('|').filter(Boolean).map(one => one.startsWith('-') ? { key: one.slice(1), sign: /** @type {-1} */ (-1) } : { key: one, sign: /** @type {1} */ (1) });
  }

  /** @returns {RunColumn[]} Pinned columns come first. */
  get columns() {
    const { view } = this;
    const search = searchFor(view.get('t.cols'));
    const pinned = this.pinnedKeys;
    const keys = [...pinned, ...view.keys.filter(key => key !== 'run' && !pinned.includes(key))];
    return keys.map(key => view.column(key)).filter(column => column !== null)
      .filter(column => !search || pinned.includes(column.key) || search.test(column.label))
      .filter(column => !['node', 'wasted', 'bracket', 'bestEpoch'].includes(column.key) || pinned.includes(column.key) || search !== null || varies(column, view.runs.count));
  }

  /** @param {Change} change */
  changed(change) {
    if (change === 'hover') return this.mark();
    if (changesControls(change, this.controls)) this.buildControls();
    this.staleOrder = true;
    if (!this.visible) return;
    // Dragging a brush changes the selection with every move of the pointer: sort only after a pause of 80 milliseconds.
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.sort(), change === 'mask' ? 80 : 0);
  }

  sort() {
    const { view } = this;
    this.staleOrder = false;
    const sorting = this.sorting;
    const columns = sorting.map(({ key, sign }) => ({ column: view.column(key), sign })).filter(one => one.column !== null)
      .map(({ column, sign }) => ({ values: Float64Array.from(/** @type {RunColumn} */ (column).values), sign }));
    this.sorter.sort(Uint32Array.from(selectedRuns(view)), columns, order => {
      // The selection may have changed since the request.
      this.order = order.filter(run => view.mask[run]);
      this.sorted = sorting;
      this.arrange();
    });
  }

  /** Puts the runs into groups, in the order of their best run. */
  arrange() {
    const { view } = this;
    const keys = this.groupKeys;
    this.grouping = keys.length ? groupBy(view, keys) : null;
    if (this.grouping) {
      const { of } = this.grouping;
      /** @type {Map<number, number[]>} */
      const members = new Map();
      for (const run of this.order) {
        const group = of[run];
        const runs = members.get(group);
        if (runs) runs.push(run);
        else members.set(group, [run]);
      }
      this.members = members;
      this.rows = [...members].flatMap(([group, runs]) => /** @type {Row[]} */ ([{ group }, ...(this.open.has(group) ? runs.map(run => ({ run })) : [])]));
    } else this.rows = Array.from(this.order, run => ({ run }));
    this.current = Math.min(this.current, this.rows.length - 1);
    this.draw();
  }

  request() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const { view } = this;
    const columns = this.columns;
    this.drawHead(columns);
    const height = this.scroll.clientHeight || 400;
    const first = Math.max(0, Math.min(this.rows.length - 1, Math.floor(this.scroll.scrollTop / rowHeight) - 6));
    const last = Math.min(this.rows.length, first + Math.ceil(height / rowHeight) + 12);
    const space = (/** @type {number} */ count) => {
      const row = el('tr', { 'aria-hidden': 'true' }, el('td', { colSpan: columns.length + 1 }));
      row.style.height = count * rowHeight + 'px';
      return row;
    };
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = this.rows[i];
      rows.push('run' in row ? this.runRow(row.run, i, columns) : this.groupRow(row.group, i, columns));
    }
    this.table.setAttribute('aria-rowcount', String(this.rows.length + 1));
    const focused = this.body.contains(document.activeElement) ? document.activeElement?.getAttribute('data-act') : null;
    this.body.replaceChildren(...(first > 0 ? [space(first)] : []), ...rows, ...(last < this.rows.length ? [space(this.rows.length - last)] : []));
    if (focused) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-act="${focused}"]`))?.focus({ preventScroll: true });
    if (this.pinnedKeys.length) this.placePinned();
    this.caption.textContent = `${formatCount(this.order.length)} of ${counted(view.runs.count, 'run')} shown${this.grouping ? ` in ${counted(this.members?.size ?? 0, 'group')}` : ''}, ${columns.length} of ${counted(Math.max(columns.length, view.keys.length - 1), 'column')}.`;
    this.element.dataset.drawn = 'true';
    this.mark();
  }

  /**
   * Pins the cells of the pinned columns, each right of the one before. A column that would leave less than a third of the width to the others
   * scrolls with them.
   */
  placePinned() {
    const widths = Array.from(this.head.rows[0].cells, cell => cell.offsetWidth).slice(0, 1 + this.pinnedKeys.length);
    const rows = [...this.head.rows, ...this.body.rows].filter(row => row.cells.length > 1);
    let left = 0;
    for (const [i, width] of widths.entries()) {
      const stays = i === 0 || left + width < this.scroll.clientWidth * 2 / 3;
      for (const { cells } of rows) {
        cells[i].classList.toggle('pinned', stays);
        cells[i].style.left = left + 'px';
      }
      if (stays) left += width;
    }
  }

  /** @param {RunColumn[]} columns */
  drawHead(columns) {
    const sorting = this.sorted;
    const pinned = this.pinnedKeys;
    const key = columns.map(column => column.key).join() + JSON.stringify(sorting) + pinned.join();
    if (key === this.headKey) return;
    this.headKey = key;
    this.head.replaceChildren(el('tr', {}, ...[{ key: 'run', label: 'run', type: '' }, ...columns].map((column, i) => {
      const at = sorting.findIndex(one => one.key === column.key);
      const arrow = at < 0 ? '' : sorting[at].sign > 0 ? ' ▲' : ' ▼';
      return el('th', { scope: 'col', className: i === 0 ? 'pinned' : isNumber(column) ? 'number' : '', 'aria-sort': at !== 0 ? 'none' : sorting[0].sign > 0 ? 'ascending' : 'descending' },
        el('button', { type: 'button', className: 'sort', title: 'Sort; with Shift, sort also by this', onclick: (/** @type {MouseEvent} */ event) => this.sortBy(column.key, event.shiftKey) }, column.label + arrow + (sorting.length > 1 && at >= 0 ? at + 1 : '')),
        i === 0 ? null : el('button', { type: 'button', className: 'pin', title: pinned.includes(column.key) ? 'Do not pin the column' : 'Pin the column to the left', 'aria-label': `Pin ${column.label}`, 'aria-pressed': String(pinned.includes(column.key)), onclick: () => this.pinColumn(column.key) }, pinned.includes(column.key) ? '●' : '○'));
    })));
  }

  /** @param {string} key @param {boolean} more */
  sortBy(key, more) {
    const sorting = this.sorting;
    const known = sorting.find(one => one.key === key);
    const mine = { key, sign: known ? -known.sign : key === 'objective' && this.view.maximize ? -1 : 1 };
    const all = more ? [...sorting.filter(one => one.key !== key), mine] : [mine];
    this.view.set('t.sort', all.map(one => (one.sign < 0 ? '-' : '') + one.key).join('|'));
  }

  /** @param {string} key */
  pinColumn(key) {
    const pinned = this.pinnedKeys;
    this.view.set('t.pin', (pinned.includes(key) ? pinned.filter(one => one !== key) : [...pinned, key]).join('|'));
  }

  /** @param {number} run @param {number} index @param {RunColumn[]} columns */
  runRow(run, index, columns) {
    const { view } = this;
    const base = view.get('t.diff', '1') === '1' ? view.baseline : -1;
    const colours = palette();
    const dot = el('span', { className: 'dot' });
    dot.style.background = colours.ramp[view.level[run]];
    const row = el('tr', { 'data-run': run, 'aria-rowindex': index + 2, className: index % 2 ? 'odd' : '', onpointerenter: () => view.hover(run), onpointerleave: () => view.hover(-1) },
      el('th', { scope: 'row', className: 'pinned' },
        el('input', { type: 'checkbox', checked: view.picked.includes(run), 'aria-label': `Pick run ${run}`, 'data-act': `pick${run}`, onchange: () => view.pick(run, true) }),
        dot,
        el('button', { type: 'button', className: 'link', 'data-act': `open${run}`, onclick: () => view.set('runs', String(run), 'hover') }, String(run)),
        el('button', { type: 'button', className: 'base', title: 'Baseline: show differences to this run', 'data-act': `base${run}`, 'aria-label': `Baseline run ${run}`, 'aria-pressed': String(view.baseline === run), onclick: () => view.set('base', view.baseline === run ? '' : String(run)) }, view.baseline === run ? '◆' : '◇')),
      ...columns.map(column => {
        const text = view.show(column, run);
        const different = base >= 0 && base !== run && column.values[base] !== column.values[run] && !(isNaN(column.values[base]) && isNaN(column.values[run]));
        const cell = el('td', { className: isNumber(column) ? 'number' : '' }, text);
        if (column.key === 'state') cell.style.color = colours.states[view.runs.state[run]];
        if (different && column.type === 'number' && !isNaN(column.values[run]) && !isNaN(column.values[base])) {
          const difference = column.values[run] - column.values[base];
          cell.append(el('span', { className: 'delta' }, ` ${difference > 0 ? '+' : '−'}${formatNumber(Math.abs(difference), 3)}`));
        } else if (different) cell.classList.add('differs');
        return cell;
      }));
    return row;
  }

  /** @param {number} group @param {number} index @param {RunColumn[]} columns */
  groupRow(group, index, columns) {
    const runs = this.members?.get(group) ?? [];
    const open = this.open.has(group);
    const label = this.grouping?.labels[group] ?? '';
    return el('tr', { className: 'group', 'data-group': group, 'aria-rowindex': index + 2 },
      el('th', { scope: 'row', className: 'pinned' },
        el('button', { type: 'button', className: 'link', title: label, 'data-act': `group${group}`, 'aria-expanded': String(open), onclick: () => this.toggleGroup(group) }, `${open ? '▾' : '▸'} ${label}`), ` (${formatCount(runs.length)})`),
      ...columns.map(column => {
        if (!isNumber(column)) return el('td', {});
        let [sum, low, high, count] = [0, Infinity, -Infinity, 0];
        for (const run of runs) {
          const value = column.values[run];
          if (!isFinite(value)) continue;
          sum += value;
          low = Math.min(low, value);
          high = Math.max(high, value);
          count++;
        }
        const show = (/** @type {number} */ value) => column.type === 'duration' ? formatNumber(value / 1000, 3) : formatNumber(value, 4);
        return el('td', { className: 'number', title: `mean ${show(sum / count)}, minimum ${show(low)}, maximum ${show(high)} of ${counted(count, 'run')}` },
          count ? `${show(sum / count)}` : '', count > 1 && low < high ? el('span', { className: 'delta' }, ` ${show(low)}…${show(high)}`) : null);
      }));
  }

  /** @param {number} group */
  toggleGroup(group) {
    if (!this.open.delete(group)) this.open.add(group);
    this.arrange();
  }

  /** Marks in the existing rows the hovered and the picked runs, and the group that the keys have reached. */
  mark() {
    const { view } = this;
    const row = document.activeElement === this.scroll ? this.rows[this.current] : undefined;
    for (const group of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll('tr.group')))
      group.classList.toggle('hovered', row !== undefined && 'group' in row && Number(group.dataset.group) === row.group);
    const picked = new Set(view.picked);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll('tr[data-run]'))) {
      const run = Number(row.dataset.run);
      row.classList.toggle('hovered', run === view.hovered);
      row.classList.toggle('picked', picked.has(run));
      /** @type {HTMLInputElement} */ (row.querySelector('input')).checked = picked.has(run);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.scroll) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity }[event.key];
    const row = this.rows[this.current];
    if (step) {
      this.current = Math.max(0, Math.min(this.rows.length - 1, this.current + step));
      const next = this.rows[this.current];
      this.scroll.scrollTop = Math.max(0, this.current * rowHeight - this.scroll.clientHeight / 2);
      this.view.hover(next && 'run' in next ? next.run : -1);
      this.mark();
    } else if ((event.key === 'Enter' || event.key === ' ') && row) {
      if ('run' in row) this.view.pick(row.run, event.key === ' ');
      else this.toggleGroup(row.group);
    } else return;
    event.preventDefault();
  }

  csv() {
    const columns = this.columns;
    return toCsv([['run', ...columns.map(column => column.label)], ...Array.from(this.order, run => [run, ...columns.map(column => column.categories ? this.view.show(column, run) : column.values[run])])]);
  }
}

/** @param {{type: string}} column @returns {boolean} Whether its values are aligned to the right. */
function isNumber({ type }) { return type === 'number' || type === 'duration'; }

/** @param {RunColumn} column @param {number} count */
function varies(column, count) {
  for (let run = 1; run < count; run++) if (column.values[run] !== column.values[0] && !(isNaN(column.values[run]) && isNaN(column.values[0]))) return true;
  return false;
}
