import { choice } from '../dom.js';
import { textWidth } from '../surface.js';
import { State } from '../fold.js';
import { counted, formatCount, formatNumber } from '../scales.js';
/** @import { Chart } from '../card.js' */
/** @import { View } from '../view.js' */

/** The importance of each parameter for the objective, and the direction of its effect. @param {View} view @returns {Chart} */
export function importanceChart(view) {
  /** @type {{y: number, h: number, lines: string[]}[]} */
  let bars = [];
  const method = () => view.get('im.method', 'fanova');
  const rows = () => {
    const parameters = /** @type {any[]} */ (view.analysis?.parameters ?? []);
    const strongest = (/** @type {any} */ one) => one.correlations.reduce((/** @type {any} */ best, /** @type {any} */ row) => !best || Math.abs(row.spearman ?? 0) > Math.abs(best.spearman ?? 0) ? row : best, null);
    return parameters.map(one => ({
      name: one.name, label: method() === 'correlation' && strongest(one)?.category ? `${one.name} = ${strongest(one).category}` : one.name, value: method() === 'correlation' ? strongest(one)?.spearman ?? 0 : one[method()] ?? 0, strongest: strongest(one), one,
    })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  };
  return {
    id: 'importance', title: 'Importance', whole: true, help: 'How much each parameter matters for the objective, and in which direction.',
    height: width => width < 500 ? 260 : 320,
    controls: () => [choice('Measure', [['fanova', 'fANOVA'], ['ped', 'PED-ANOVA'], ['correlation', 'rank correlation']], method(), value => view.set('im.method', value))],
    empty: () => view.analysis && !view.analysis.parameters.length ? 'Importance needs two runs at a common epoch.' : '',
    paint(surface, box) {
      const all = rows();
      bars = [];
      if (!all.length) return;
      const signed = method() === 'correlation';
      const left = Math.min(box.w * 0.4, 16 + Math.max(...all.map(one => textWidth(one.label, 12))));
      const width = box.w - left - 64;
      const most = Math.max(...all.map(one => Math.abs(one.value)), 1e-9);
      const height = Math.min(34, (box.h - 16) / all.length);
      const zero = signed ? left + width / 2 : left;
      all.forEach((row, i) => {
        const y = 8 + i * height;
        const length = row.value / most * (signed ? width / 2 : width);
        surface.text(row.label, left - 8, y + height / 2, { color: box.palette.text, size: 12, align: 'right', most: left - 10 });
        const colour = row.strongest?.category && !signed ? box.palette.dim : (row.strongest?.spearman ?? 0) > 0 ? box.palette.groups[0] : box.palette.groups[5];
        surface.rect(Math.min(zero, zero + length), y + height * 0.18, Math.max(1, Math.abs(length)), height * 0.64, colour, 0.9);
        surface.text(formatNumber(row.value, 2), Math.max(zero, zero + length) + 6, y + height / 2, { color: box.palette.dim, size: 11 });
        const direction = row.strongest ? `${row.strongest.category ? `${row.name} = ${row.strongest.category}` : `more ${row.name}`} goes with ${row.strongest.spearman > 0 ? 'more' : 'less'} ${view.objective} (rank correlation ${formatNumber(row.strongest.spearman, 2)})` : '';
        bars.push({ y, h: height, lines: [row.name, `fANOVA ${formatNumber(row.one.fanova ?? 0, 3)} · PED-ANOVA ${formatNumber(row.one.ped ?? 0, 3)}`, direction] });
      });
      surface.segments([zero, 4, zero, 8 + all.length * height], box.palette.dim, 1);
    },
    find: (x, y) => bars.find(bar => y >= bar.y && y < bar.y + bar.h) ?? null,
    rows: () => [['parameter', 'fanova', 'ped_anova', 'category', 'pearson', 'spearman', 'runs'], ...rows().flatMap(row => row.one.correlations.map((/** @type {any} */ one) =>
      [row.name, row.one.fanova ?? NaN, row.one.ped ?? NaN, one.category ?? '', one.pearson ?? NaN, one.spearman ?? NaN, one.count]))],
    caption() {
      const { analysis } = view;
      if (!analysis) return 'Importance is being computed …';
      const ended = endedBefore(analysis);
      const partial = analysis.used < analysis.compared ? `, from ${formatCount(analysis.used)} of them, evenly spaced` : '';
      return `Over ${formatCount(analysis.compared)} of ${counted(view.runs.count, 'run')}: ${ended ? `${formatCount(analysis.compared - ended)} at epoch ${analysis.epoch}, and ${ended} that diverged or failed before it, as the worst` : `those that reached epoch ${analysis.epoch}`}${partial}${analysis.seq < view.log.seq.data[Math.max(0, view.runs.rows - 1)] ? `, as of event ${analysis.seq}` : ''}. Blue: more goes with more ${view.objective}; orange: with less${method() === 'correlation' ? '' : '; grey: a category'}.`;
    },
  };

  /** @param {any} analysis @returns {number} The runs that had diverged or failed before the epoch at which the runs are compared. */
  function endedBefore({ epoch, seq }) {
    const { runs, log } = view;
    let ended = 0;
    for (let run = 0; run < runs.count; run++)
      if ((runs.state[run] === State.Diverged || runs.state[run] === State.Failed) && runs.epoch[run] < epoch && log.seq.data[runs.movedAt[run]] <= seq) ended++;
    return ended;
  }
}
