import { choice } from '../dom.js';
import { frame } from '../card.js';
import { rgbOf } from '../density.js';
import { Kind } from '../log.js';
import { State } from '../fold.js';
import { counted, formatCount, formatDuration, timeScale } from '../scales.js';
import { textWidth } from '../surface.js';
/** @import { Chart, Rect } from '../card.js' */
/** @import { View } from '../view.js' */
/** @import { Palette } from '../theme.js' */

/**
 * A run on a slot, from its assignment to its end. Times in milliseconds; `how` is the kind of the last row, −1 while it runs.
 * @typedef {{run: number, node: number, start: number, end: number, lane: number, how: number, epochs: number, repeated: number}} Shift
 */

/** The names of the nodes in the order of their numbers: `slot2` comes before `slot10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

/**
 * How an assignment to a slot ended, by the kind of its last row: in words, and the state whose colour it has. A lost one is red.
 * @type {Record<number, [string, number]>}
 */
const endings = {
  [Kind.Finished]: ['finished', State.Finished], [Kind.Stopped]: ['stopped', State.Stopped], [Kind.Paused]: ['waits', State.Paused], [Kind.Promoted]: ['waits', State.Paused],
  [Kind.Diverged]: ['diverged', State.Diverged], [Kind.Failed]: ['failed', State.Failed], [Kind.Retried]: ['failed', State.Failed], [Kind.Lost]: ['lost', -1],
};

/** @param {number} how @returns {[string, number]} */
function endingOf(how) { return endings[how] ?? [how < 0 ? 'runs' : 'released', State.Running]; }

/** The runs that each slot of each node trained over time. @param {View} view @returns {Chart} */
export function slotsChart(view) {
  /** @type {Shift[]} */
  let shifts = [];
  /** @type {{node: number, lane: number}[]} */
  let lanes = [];
  let version = -1;
  let from = 0;
  let to = 1;
  /** @type {Rect} */
  let plot = { x: 0, y: 0, w: 1, h: 1 };
  let laneHeight = 14;

  const compute = () => {
    if (version === view.version) return;
    version = view.version;
    const { log, runs } = view;
    /** @type {(Shift | undefined)[]} The assignment of each run that has not ended. */
    const open = new Array(runs.count);
    shifts = [];
    for (let row = 0; row < runs.rows; row++) {
      const [kind, run, at] = [log.kind.data[row], log.run.data[row], log.at.data[row]];
      if (kind === Kind.Assigned) {
        const shift = { run, node: log.node.data[log.detail.data[row]], start: at, end: NaN, lane: 0, how: Kind.Paused, epochs: 0, repeated: 0 };
        open[run] = shift;
        shifts.push(shift);
      } else {
        const shift = open[run];
        if (!shift) continue;
        if (kind === Kind.Epoch) shift.epochs++;
        else if (kind === Kind.Wasted) shift.repeated += log.wasted.data[log.detail.data[row]];
        else if ((kind >= Kind.Paused && kind <= Kind.Retried) || kind === Kind.Reopened) {
          [shift.end, shift.how] = [at, kind];
          open[run] = undefined;
        }
      }
    }
    const now = log.at.data[Math.max(0, runs.rows - 1)];
    /** @type {Map<number, number[]>} The time until which each lane of a node is occupied. */
    const taken = new Map();
    for (const shift of shifts) {
      if (isNaN(shift.end)) [shift.end, shift.how] = [now, -1];
      const ends = taken.get(shift.node) ?? [];
      taken.set(shift.node, ends);
      const free = ends.findIndex(end => end <= shift.start);
      shift.lane = free < 0 ? ends.length : free;
      // A slot whose run has not ended is not free, even if no time has passed since the assignment.
      ends[shift.lane] = shift.how < 0 ? Infinity : shift.end;
    }
    lanes = [...taken].sort((a, b) => byNumber.compare(log.nodes[a[0]], log.nodes[b[0]])).flatMap(([node, ends]) => ends.map((_, lane) => ({ node, lane })));
    [from, to] = [log.startedAt, Math.max(now, log.startedAt + 1)];
  };
  const index = () => new Map(lanes.map((one, i) => [one.node * 4096 + one.lane, i]));

  return {
    id: 'slots', title: 'Slots', wide: true, help: 'Which run each slot of each node trained over time; losses, failures and epochs that were trained twice.',
    height: () => {
      compute();
      return 116 + Math.min(40, Math.max(4, lanes.length)) * 16;
    },
    controls: () => [choice('Colour', [['', 'colour by value'], ['end', 'colour by ending']], view.get('sl.colour'), value => view.set('sl.colour', value))],
    empty() {
      compute();
      return shifts.length ? '' : 'No run has been given to a slot yet.';
    },
    paint(surface, box) {
      const { palette } = box;
      const { log } = view;
      const many = lanes.length > 40;
      const names = lanes.map(one => many ? '' : one.lane === 0 ? log.nodes[one.node] : '');
      const y = { map: (/** @type {number} */ value) => 1 - (value - 0.5) / lanes.length, invert: (/** @type {number} */ t) => t, ticks: () => lanes.map((_, i) => i + 1).filter(i => names[i - 1]), format: (/** @type {number} */ value) => names[value - 1] };
      const x = timeScale(from, to);
      plot = frame(surface, box, x, y, { x: 'time since the start', y: '', top: 24, left: Math.min(box.w * 0.3, 170) });
      laneHeight = plot.h / lanes.length;
      const of = index();
      const reached = new Float64Array(lanes.length).fill(-1);
      const pad = laneHeight > 6 ? 1.5 : 0;
      for (const shift of shifts) {
        const lane = of.get(shift.node * 4096 + shift.lane) ?? 0;
        const [x0, x1] = [plot.x + plot.w * x.map(shift.start), plot.x + plot.w * x.map(shift.end)];
        const bad = shift.how === Kind.Lost || shift.how === Kind.Retried || shift.how === Kind.Failed || shift.how === Kind.Diverged;
        // Many short assignments share a pixel: draw only the first of them.
        if (x1 <= reached[lane] && !bad && !shift.repeated) continue;
        reached[lane] = Math.max(x1, Math.floor(x0) + 1);
        const top = plot.y + lane * laneHeight + pad;
        const height = Math.max(1, laneHeight - 2 * pad);
        const width = Math.max(1, x1 - x0 - (x1 - x0 > 4 ? 1 : 0));
        const colour = view.get('sl.colour') === 'end' ? colourOf(shift.how, palette) : palette.ramp[view.level[shift.run]];
        surface.rect(x0, top, width, height, view.mask[shift.run] ? colour : palette.rest, view.mask[shift.run] ? 0.9 : 0.3);
        if (shift.repeated) {
          const share = Math.min(1, shift.repeated / Math.max(1, shift.epochs + shift.repeated));
          surface.rect(x0, top, Math.max(2, width * share), height * 0.35, palette.accent);
        }
        if (bad) surface.rect(x1 - 2, top - pad, 3, height + 2 * pad, palette.accent);
        if (width > 26 && height >= 10) surface.text(String(shift.run), x0 + width / 2, top + height / 2, { size: 9, align: 'center', color: readableOn(colour), most: width - 4 });
      }
      if (view.get('sl.colour') === 'end') {
        let left = 4;
        const names = new Map(shifts.map(shift => [endingOf(shift.how)[0], shift.how]));
        for (const [name, how] of names) {
          surface.rect(left, 7, 10, 10, colourOf(how, palette), 0.9);
          surface.text(name, left + 14, 12, { color: palette.text, size: 11 });
          left += 28 + textWidth(name, 11);
        }
      }
    },
    overlay(surface, box) {
      const x = timeScale(from, to);
      const of = index();
      for (const run of [...view.picked, view.hovered])
        for (const shift of shifts) {
          if (shift.run !== run) continue;
          const lane = of.get(shift.node * 4096 + shift.lane) ?? 0;
          const [x0, x1] = [plot.x + plot.w * x.map(shift.start), plot.x + plot.w * x.map(shift.end)];
          const [y0, y1] = [plot.y + lane * laneHeight, plot.y + (lane + 1) * laneHeight];
          surface.line([x0, y0, Math.max(x0 + 2, x1), y0, Math.max(x0 + 2, x1), y1, x0, y1, x0, y0], box.palette.accent, 2);
        }
    },
    find(px, py) {
      const at = timeScale(from, to).invert((px - plot.x) / plot.w);
      const lane = lanes[Math.floor((py - plot.y) / laneHeight)];
      if (!lane) return null;
      const slack = (to - from) / plot.w * 2;
      const shift = shifts.find(one => one.node === lane.node && one.lane === lane.lane && at >= one.start && at <= one.end)
        ?? shifts.find(one => one.node === lane.node && one.lane === lane.lane && at >= one.start - slack && at <= one.end + slack);
      if (!shift) return { lines: [`${view.log.nodes[lane.node]}, slot ${lane.lane + 1}: idle`] };
      return { run: shift.run, lines: [`${view.log.nodes[lane.node]}, slot ${lane.lane + 1}: ${counted(shift.epochs, 'epoch')} in ${formatDuration(shift.end - shift.start)}${shift.repeated ? `, ${shift.repeated} of them trained a second time` : ''}${shift.how === Kind.Lost ? '; the node was lost' : shift.how === Kind.Retried || shift.how === Kind.Failed ? '; it failed' : ''}`] };
    },
    rows: () => [['node', 'slot', 'run', 'from', 'until', 'epochs', 'repeated epochs', 'end'], ...shifts.map(one =>
      [view.log.nodes[one.node], one.lane + 1, one.run, new Date(one.start).toISOString(), new Date(one.end).toISOString(), one.epochs, one.repeated, Object.keys(Kind).find(name => /** @type {any} */ (Kind)[name] === one.how)?.toLowerCase() ?? 'runs'])],
    caption() {
      const busy = shifts.reduce((sum, one) => sum + one.end - one.start, 0);
      const bad = shifts.filter(one => one.how === Kind.Lost).length;
      return `${formatCount(shifts.length)} of ${counted(shifts.length, 'assignment')} on ${counted(lanes.length, 'slot')} shown, busy ${Math.round(100 * busy / Math.max(1, (to - from) * lanes.length))} % of the time${bad ? `; ${bad} ended with a lost node` : ''}${view.runs.wasted ? `; ${counted(view.runs.wasted, 'epoch')} trained twice` : ''}. Red: losses, failures, repeated epochs.`;
    },
  };
}

/** @param {number} how @param {Palette} palette */
function colourOf(how, palette) { return palette.states[endingOf(how)[1]] ?? palette.accent; }

/** @param {string} colour @returns {string} Black or white: the one with more contrast on the colour. */
function readableOn(colour) {
  const [r, g, b] = rgbOf(colour);
  return 0.3 * r + 0.59 * g + 0.11 * b > 130 ? '#000000' : '#ffffff';
}
