/** The source of the sorting worker. Sorting a hundred thousand rows takes a quarter of a second, which would block the page's thread. */
const sorterSource = `
  onmessage = ({ data: { rows, columns } }) => {
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
    postMessage(rows.sort(before));
  };`;

/** Sorts rows in a worker. */
export class Sorter {
  constructor() {
    const url = URL.createObjectURL(new Blob([sorterSource], { type: 'text/javascript' }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    /** @type {((rows: Uint32Array) => void) | null} Receives the answer of the request in progress; null without one. */
    this.answer = null;
    /** @type {(() => void) | null} Sends the newest request, which waits for the answer of the one in progress. */
    this.next = null;
    this.worker.onmessage = ({ data }) => {
      this.answer?.(data);
      this.answer = null;
      this.next?.();
    };
  }

  /**
   * Sorts by the first column, then by the next …; rows without a value come last. While a request is in progress, only the newest of the later
   * ones waits: a running sweep asks faster than many rows are sorted, and the answers of a growing queue would come ever later.
   * @param {Uint32Array} rows
   * @param {{values: Float64Array, sign: 1 | -1}[]} columns
   * @param {(rows: Uint32Array) => void} answer
   */
  sort(rows, columns, answer) {
    this.next = () => {
      this.next = null;
      this.answer = answer;
      this.worker.postMessage({ rows, columns });
    };
    if (!this.answer) this.next();
  }
}
