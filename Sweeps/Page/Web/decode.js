// Reads the blocks that ColumnWriter.cs writes.

/** A growable array of numbers. */
export class Column {
  constructor() {
    /** @type {Float64Array} */
    this.data = new Float64Array(64);
    this.length = 0;
  }

  /** @param {number} value */
  push(value) {
    if (this.length === this.data.length) this.reserve(2 * this.length);
    this.data[this.length++] = value;
  }

  /** @param {ArrayLike<number>} values */
  append(values) {
    if (this.length === 0 && values instanceof Float64Array && values.length) {
      // The first block has most of the log: its array is used without a copy.
      [this.data, this.length] = [values, values.length];
      return;
    }
    this.reserve(this.length + values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** @param {number} count */
  reserve(count) {
    if (count <= this.data.length) return;
    const larger = new Float64Array(Math.max(count, 2 * this.data.length));
    larger.set(this.data.subarray(0, this.length));
    this.data = larger;
  }
}

/**
 * @param {string} text Base64.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const quick = /** @type {any} */ (Uint8Array).fromBase64;
  if (quick) return quick(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes Compressed with gzip.
 * @returns {Promise<ArrayBuffer>}
 */
export function inflate(bytes) {
  // A Blob's stream would fetch the bytes from the browser's main process, piece by piece.
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  // A block that is cut off rejects these promises and the one that is returned; one message is enough.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return new Response(stream.readable).arrayBuffer();
}

/**
 * @param {ArrayBuffer} buffer An inflated block.
 * @returns {{header: any, columns: Map<string, Float64Array | string>}}
 */
export function readBlock(buffer) {
  const view = new DataView(buffer);
  const start = 4 + view.getInt32(0, true);
  const text = new TextDecoder();
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 4, start - 4)));
  const columns = new Map();
  let at = start;
  for (const [name, type, count, length] of header.columns) {
    const bytes = new Uint8Array(buffer, at, length);
    at += length;
    columns.set(name,
      type === 'text' ? text.decode(bytes)
      : type === 'single' || type === 'double' ? planes(bytes, count, type === 'single' ? 4 : 8)
      : variable(bytes, count, type === 'difference'));
  }
  return { header, columns };
}

/**
 * @param {Uint8Array} bytes Byte planes: the lowest bytes of all numbers, then all second bytes …
 * @param {number} count
 * @param {number} size Bytes per number: 4 or 8.
 */
function planes(bytes, count, size) {
  const joined = new Uint8Array(count * size);
  for (let plane = 0; plane < size; plane++)
    for (let i = 0, at = plane; i < count; i++, at += size) joined[at] = bytes[plane * count + i];
  return size === 8 ? new Float64Array(joined.buffer) : Float64Array.from(new Float32Array(joined.buffer));
}

/**
 * @param {Uint8Array} bytes LEB128: seven bits per byte, lowest first; the highest bit is set if more bytes follow.
 * @param {number} count
 * @param {boolean} difference Whether the numbers are zigzag-encoded differences to the previous number.
 */
function variable(bytes, count, difference) {
  const values = new Float64Array(count);
  let at = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    let value = bytes[at++];
    // Most numbers have one byte: the loop is only for the others.
    if (value > 127) {
      value &= 127;
      for (let byte = 128, scale = 128; byte > 127; scale *= 128) {
        byte = bytes[at++];
        value += (byte & 127) * scale;
      }
    }
    if (difference) value = last += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    values[i] = value;
  }
  return values;
}
