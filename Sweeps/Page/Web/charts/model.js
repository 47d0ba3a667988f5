import { counted, formatCount, formatNumber } from '../scales.js';
import { textWidth } from '../surface.js';
import { fromBase64 } from '../decode.js';
/** @import { Chart } from '../card.js' */
/** @import { View } from '../view.js' */
/** @import { Connection } from '../connection.js' */

/**
 * The evaluation of a run's best weights on the data set, as ModelJson.cs writes it, with decoded images.
 * @typedef {object} Inspection
 * @property {number} run
 * @property {string} part
 * @property {string[]} names
 * @property {number[][]} confusion By class, then by prediction.
 * @property {number} mistakes The number of wrongly classified examples.
 * @property {{label: string, prediction: string, probability: number, picture: HTMLCanvasElement | null}[]} worst
 * @property {{name: string, picture: HTMLCanvasElement | null}[]} classes
 * @property {{name: string, picture: HTMLCanvasElement | null}[]} layer
 * @property {number} units
 */

/** Loads the inspection of a run once for all charts that show it. */
class Inspector {
  /** @param {View} view @param {Connection} connection */
  constructor(view, connection) {
    this.view = view;
    this.connection = connection;
    this.run = -1;
    /** @type {Inspection | null} */
    this.result = null;
    this.problem = '';
  }

  /** The run to show: the best one. */
  get wanted() { return this.view.runs.best; }

  /** Starts loading if the run to show has changed. @returns {Inspection | null} The loaded inspection; null while it loads. */
  get() {
    const run = this.wanted;
    if (run >= 0 && run !== this.run) {
      this.run = run;
      this.result = null;
      this.problem = `The model of run ${run} is being examined …`;
      this.load(run);
    }
    return this.result;
  }

  /** @param {number} run */
  async load(run) {
    /** @type {Inspection | null} */
    let result = null;
    let problem = '';
    try {
      const answer = await this.connection.model(this.view, run);
      const decode = async (/** @type {any[]} */ list) => Promise.all(list.map(async one => ({ ...one, picture: one.image ? await toCanvas(one.image) : null })));
      result = { ...answer, worst: await decode(answer.worst), classes: await decode(answer.classes), layer: await decode(answer.layer) };
    } catch (trouble) {
      problem = /** @type {Error} */ (trouble).message;
    }
    // If another run has become the best meanwhile, its own request sets the result.
    if (run !== this.run) return;
    [this.result, this.problem] = [result, problem];
    this.view.changed('settings');
  }
}

/** @param {string} png In base64. */
async function toCanvas(png) {
  const bitmap = await createImageBitmap(new Blob([fromBase64(png)], { type: 'image/png' }));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return canvas;
}

/** @type {WeakMap<View, Inspector>} */
const inspectors = new WeakMap();

/** @param {View} view @param {Connection} connection */
function inspectorOf(view, connection) {
  let inspector = inspectors.get(view);
  if (!inspector) inspectors.set(view, inspector = new Inspector(view, connection));
  return inspector;
}

/** @param {View} view @param {Connection} connection @returns {Chart} */
export function confusionChart(view, connection) {
  const inspector = inspectorOf(view, connection);
  let plot = { x: 0, y: 0, cell: 1 };
  return {
    id: 'confusion', whole: true, title: 'Confusion matrix', help: 'The number of examples of each class by the class that the best weights predict.',
    height: width => Math.min(460, Math.max(260, width * 0.8)),
    empty() {
      const model = inspector.get();
      return !model ? inspector.problem || 'No run has a value yet.' : model.confusion.length ? '' : 'The model does not predict classes.';
    },
    paint(surface, box) {
      const model = inspector.result;
      if (!model) return;
      const { names, confusion } = model;
      const left = Math.min(box.w * 0.34, 26 + Math.max(...names.map(name => textWidth(name, 11))));
      const top = Math.min(box.h * 0.26, 28 + 0.7 * Math.max(...names.map(name => textWidth(name, 11))));
      const cell = Math.min((box.w - left - 10) / names.length, (box.h - top - 10) / names.length);
      plot = { x: left, y: top, cell };
      const size = Math.min(11, cell * 0.36);
      confusion.forEach((row, label) => {
        const total = Math.max(1, row.reduce((sum, count) => sum + count, 0));
        surface.text(names[label], left - 6, top + (label + 0.5) * cell, { color: box.palette.text, size: Math.min(11, cell), align: 'right', most: left - 20 });
        surface.text(names[label], left + (label + 0.5) * cell, top - 6, { color: box.palette.text, size: Math.min(11, cell), turn: -45, most: (top - 16) * 1.4 });
        row.forEach((count, prediction) => {
          const share = count / total;
          surface.rect(left + prediction * cell, top + label * cell, cell - 1, cell - 1, box.palette.grid, 0.6);
          if (count) surface.rect(left + prediction * cell, top + label * cell, cell - 1, cell - 1, label === prediction ? box.palette.groups[0] : box.palette.groups[5], 0.12 + 0.88 * Math.sqrt(share));
          if (count && size >= 6) surface.text(String(count), left + (prediction + 0.5) * cell, top + (label + 0.5) * cell, { color: share > 0.2 ? '#ffffff' : box.palette.text, size, align: 'center' });
        });
      });
      surface.text('class', 9, top + cell * names.length / 2, { color: box.palette.dim, size: 11, turn: -90, align: 'center' });
      surface.text('prediction', left + cell * names.length / 2, 8, { color: box.palette.dim, size: 11, align: 'center' });
    },
    find(x, y) {
      const model = inspector.result;
      const [label, prediction] = [Math.floor((y - plot.y) / plot.cell), Math.floor((x - plot.x) / plot.cell)];
      const count = model?.confusion[label]?.[prediction];
      if (!model || count === undefined) return null;
      return { lines: [`${model.names[label]} predicted as ${model.names[prediction]}: ${count}`, `${formatNumber(100 * count / Math.max(1, model.confusion[label].reduce((sum, one) => sum + one, 0)), 3)} % of ${model.names[label]}`] };
    },
    rows: () => [['class', 'prediction', 'count'], ...(inspector.result?.confusion ?? []).flatMap((row, label) => row.map((count, prediction) => [inspector.result?.names[label] ?? '', inspector.result?.names[prediction] ?? '', count]))],
    caption: () => inspector.result ? `Run ${inspector.run}, best epoch, all ${formatCount(inspector.result.confusion.flat().reduce((sum, one) => sum + one, 0))} examples of the ${inspector.result.part} part. Blue: right; orange: wrong.` : '',
  };
}

/**
 * @param {View} view
 * @param {Connection} connection
 * @param {{id: string, title: string, help: string, size: number, pick: (model: Inspection) => {picture: HTMLCanvasElement | null, lines: string[]}[], caption: (model: Inspection) => string}} what
 * @returns {Chart}
 */
function gallery(view, connection, what) {
  const inspector = inspectorOf(view, connection);
  /** @type {{x: number, y: number, w: number, h: number, lines: string[]}[]} */
  let places = [];
  const itemsOf = () => inspector.result ? what.pick(inspector.result).filter(one => one.picture) : [];
  const layout = (/** @type {number} */ width) => {
    const lines = itemsOf().map(one => one.lines);
    // The texts below a picture may be wider than the picture.
    const cell = 12 + Math.max(what.size, Math.min(140, Math.ceil(Math.max(0, ...lines.flat().map(line => textWidth(line, 10))))));
    return { columns: Math.max(1, Math.floor(width / cell)), cell, row: what.size + 10 + Math.max(0, ...lines.map(one => one.length)) * 13 };
  };
  return {
    id: what.id, whole: true, title: what.title, help: what.help,
    height: width => Math.max(180, Math.ceil(itemsOf().length / layout(width).columns) * layout(width).row + 8),
    absent: () => !itemsOf().length,
    empty: () => inspector.get() ? '' : inspector.problem,
    paint(surface, box) {
      places = [];
      const { columns, cell, row } = layout(box.w);
      itemsOf().forEach((item, i) => {
        const [x, y] = [4 + (i % columns) * cell, 4 + Math.floor(i / columns) * row];
        surface.image(/** @type {HTMLCanvasElement} */ (item.picture), x, y, what.size, what.size);
        item.lines.forEach((line, at) => surface.text(line, x, y + what.size + 9 + at * 13, { color: at ? box.palette.dim : box.palette.text, size: 10, most: cell - 8 }));
        places.push({ x, y, w: cell - 12, h: row, lines: item.lines });
      });
    },
    find: (x, y) => places.find(one => x >= one.x && x <= one.x + one.w && y >= one.y && y <= one.y + one.h) ?? null,
    rows: () => [['number', 'text'], ...itemsOf().map((item, i) => [i, item.lines.join(' ')])],
    caption: () => inspector.result ? what.caption(inspector.result) : '',
  };
}

/** @param {View} view @param {Connection} connection @returns {Chart} */
export function mistakesChart(view, connection) {
  return gallery(view, connection, {
    id: 'mistakes', title: 'Most confidently wrong', help: 'The wrong predictions of the best weights with the highest probabilities.', size: 64,
    pick: model => model.worst.map(one => ({ picture: one.picture, lines: [`class ${one.label}`, `predicted ${one.prediction}`, `with ${formatNumber(100 * one.probability, 4)} %`] })),
    caption: model => `${model.worst.length} of ${counted(model.mistakes, 'wrong example')} of the ${model.part} part shown, highest probability first.`,
  });
}

/** @param {View} view @param {Connection} connection @returns {Chart} */
export function classesChart(view, connection) {
  return gallery(view, connection, {
    id: 'classes', title: 'An example of each class', help: 'The first training image of each class.', size: 72,
    pick: model => model.classes.map(one => ({ picture: one.picture, lines: [one.name] })),
    caption: model => `${model.classes.filter(one => one.picture).length} of ${model.names.length} classes shown.`,
  });
}

/** @param {View} view @param {Connection} connection @returns {Chart} */
export function weightsChart(view, connection) {
  return gallery(view, connection, {
    id: 'weights', title: 'First layer', help: 'The weights of each unit of the first layer as an image.', size: 56,
    pick: model => model.layer.map(one => ({ picture: one.picture, lines: [`unit ${one.name.slice(one.name.lastIndexOf(' ') + 1)}`] })),
    caption: model => `${model.layer.length} of ${model.units} units shown. Gray is 0, white positive, black negative, each unit on its own scale.`,
  });
}
