/** The source of the sorting worker. Sorting a hundred thousand rows takes a quarter of a second, which would block the page's thread. */
const sorterSource = `
  onmessage = ({ data: { id, rows, columns } }) => {
    const before = (a, b) => {
      for (const { values, sign } of columns) {
        const [x, y] = [values[a], values[b]];
        if (x === y) continue;
        if (isNaN(x)) { if (isNaN(y)) continue; return 1; }
        if (isNaN(y)) return -1;
        return x < y ? -sign : sign;
      }
      return a - b;
    };
    postMessage({ id, rows: rows.sort(before) });
  };`;

/** Sorts rows in a worker. */
export class Sorter {
  constructor() {
    const url = URL.createObjectURL(new Blob([sorterSource], { type: 'text/javascript' }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.asked = 0;
    /** @type {(rows: Uint32Array) => void} */
    this.answer = () => {};
    this.worker.onmessage = ({ data }) => { if (data.id === this.asked) this.answer(data.rows); };
  }

  /**
   * Sorts by the first column, then by the next …; rows without a value come last. Only the newest request is answered.
   * @param {Uint32Array} rows
   * @param {{values: Float64Array, sign: 1 | -1}[]} columns
   * @param {(rows: Uint32Array) => void} answer
   */
  sort(rows, columns, answer) {
    this.answer = answer;
    this.worker.postMessage({ id: ++this.asked, rows, columns });
  }
}
