// Charts draw on a surface: CanvasSurface for the screen and PNG files, SvgSurface for SVG files.

/**
 * @typedef {object} TextStyle
 * @property {string} [color]
 * @property {number} [size] Pixels.
 * @property {'left' | 'center' | 'right'} [align]
 * @property {'top' | 'middle' | 'bottom'} [baseline]
 * @property {boolean} [bold]
 * @property {number} [turn] Degrees.
 * @property {string} [halo] The colour of an outline that keeps the text readable over lines.
 * @property {number} [most] The largest width; longer text ends with an ellipsis.
 */

const fontFamily = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** @type {CanvasRenderingContext2D | null} */
let measuring = null;

/**
 * @param {string} text
 * @param {number} size
 * @param {boolean} [bold]
 */
export function textWidth(text, size, bold = false) {
  measuring ??= /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  measuring.font = `${bold ? '600 ' : ''}${size}px ${fontFamily}`;
  return measuring.measureText(text).width;
}

/**
 * @param {string} text
 * @param {number} size
 * @param {number} most
 * @param {boolean} [bold]
 */
function fitText(text, size, most, bold = false) {
  if (textWidth(text, size, bold) <= most) return text;
  let length = Math.max(1, Math.floor(text.length * most / textWidth(text, size, bold)));
  while (length > 1 && textWidth(text.slice(0, length) + '…', size, bold) > most) length--;
  return text.slice(0, length) + '…';
}

/** Draws on a canvas. */
export class CanvasSurface {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} width CSS pixels.
   * @param {number} height
   * @param {number} [scale] Device pixels per CSS pixel.
   */
  constructor(canvas, width, height, scale = globalThis.devicePixelRatio || 1) {
    const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.context.setTransform(w / width, 0, 0, h / height, 0, 0);
    this.context.clearRect(0, 0, width, height);
  }

  /**
   * Separate lines: x0, y0, x1, y1 for each.
   * @param {ArrayLike<number>} coordinates @param {string} color @param {number} [width] @param {number} [alpha] @param {number[]} [dash]
   */
  segments(coordinates, color, width = 1, alpha = 1, dash = []) {
    const { context } = this;
    context.beginPath();
    for (let i = 0; i < coordinates.length; i += 4) {
      context.moveTo(coordinates[i], coordinates[i + 1]);
      context.lineTo(coordinates[i + 2], coordinates[i + 3]);
    }
    this.stroke(color, width, alpha, dash);
  }

  /**
   * One line through points x, y. A NaN interrupts it.
   * @param {ArrayLike<number>} points @param {string} color @param {number} [width] @param {number} [alpha] @param {number[]} [dash]
   */
  line(points, color, width = 1, alpha = 1, dash = []) {
    const { context } = this;
    context.beginPath();
    let pen = false;
    for (let i = 0; i < points.length; i += 2) {
      if (isNaN(points[i]) || isNaN(points[i + 1])) { pen = false; continue; }
      if (pen) context.lineTo(points[i], points[i + 1]);
      else context.moveTo(points[i], points[i + 1]);
      pen = true;
    }
    this.stroke(color, width, alpha, dash);
  }

  /** @param {string} color @param {number} width @param {number} alpha @param {number[]} dash */
  stroke(color, width, alpha, dash) {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.globalAlpha = alpha;
    context.lineJoin = 'round';
    context.setLineDash(dash);
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /** @param {ArrayLike<number>} points @param {string} color @param {number} [alpha] */
  area(points, color, alpha = 1) {
    const { context } = this;
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
    context.closePath();
    context.fillStyle = color;
    context.globalAlpha = alpha;
    context.fill();
    context.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {string} color @param {number} [alpha] */
  rect(x, y, w, h, color, alpha = 1) {
    this.context.globalAlpha = alpha;
    this.context.fillStyle = color;
    this.context.fillRect(x, y, w, h);
    this.context.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y @param {number} radius @param {string} color @param {string} [edge] @param {number} [alpha] */
  dot(x, y, radius, color, edge, alpha = 1) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.globalAlpha = alpha;
    context.fillStyle = color;
    context.fill();
    context.globalAlpha = 1;
    if (!edge) return;
    context.strokeStyle = edge;
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** @param {string} text @param {number} x @param {number} y @param {TextStyle} [style] */
  text(text, x, y, style = {}) {
    const { context } = this;
    const { color = '#000', size = 12, align = 'left', baseline = 'middle', bold = false, turn = 0, most, halo } = style;
    context.save();
    context.font = `${bold ? '600 ' : ''}${size}px ${fontFamily}`;
    context.fillStyle = color;
    context.textAlign = align;
    context.textBaseline = baseline;
    context.translate(x, y);
    context.rotate(turn * Math.PI / 180);
    const fitted = most ? fitText(text, size, most, bold) : text;
    if (halo) {
      context.strokeStyle = halo;
      context.lineWidth = 3.5;
      context.lineJoin = 'round';
      context.strokeText(fitted, 0, 0);
    }
    context.fillText(fitted, 0, 0);
    context.restore();
  }

  /** @param {HTMLCanvasElement} image @param {number} x @param {number} y @param {number} w @param {number} h @param {boolean} [smooth] */
  image(image, x, y, w, h, smooth = false) {
    this.context.imageSmoothingEnabled = smooth;
    this.context.drawImage(image, x, y, w, h);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {() => void} draw */
  clip(x, y, w, h, draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, w, h);
    this.context.clip();
    draw();
    this.context.restore();
  }
}

/** Writes SVG. */
export class SvgSurface {
  /** @param {number} width @param {number} height @param {string} background */
  constructor(width, height, background) {
    this.clips = 0;
    this.parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(fontFamily)}">`,
      `<rect width="100%" height="100%" fill="${escapeXml(background)}"/>`,
    ];
  }

  /** @param {ArrayLike<number>} coordinates @param {string} color @param {number} [width] @param {number} [alpha] @param {number[]} [dash] */
  segments(coordinates, color, width = 1, alpha = 1, dash = []) {
    let path = '';
    for (let i = 0; i < coordinates.length; i += 4)
      path += `M${short(coordinates[i])} ${short(coordinates[i + 1])}L${short(coordinates[i + 2])} ${short(coordinates[i + 3])}`;
    this.path(path, color, width, alpha, dash);
  }

  /** @param {ArrayLike<number>} points @param {string} color @param {number} [width] @param {number} [alpha] @param {number[]} [dash] */
  line(points, color, width = 1, alpha = 1, dash = []) {
    let path = '';
    let pen = false;
    for (let i = 0; i < points.length; i += 2) {
      if (isNaN(points[i]) || isNaN(points[i + 1])) { pen = false; continue; }
      path += `${pen ? 'L' : 'M'}${short(points[i])} ${short(points[i + 1])}`;
      pen = true;
    }
    this.path(path, color, width, alpha, dash);
  }

  /** @param {string} path @param {string} color @param {number} width @param {number} alpha @param {number[]} dash */
  path(path, color, width, alpha, dash) {
    if (path) this.parts.push(`<path d="${path}" fill="none" stroke="${escapeXml(color)}" stroke-width="${short(width)}" stroke-opacity="${short(alpha)}" stroke-linejoin="round"${dash.length ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`);
  }

  /** @param {ArrayLike<number>} points @param {string} color @param {number} [alpha] */
  area(points, color, alpha = 1) {
    this.parts.push(`<polygon points="${Array.from(points, short).join(' ')}" fill="${escapeXml(color)}" fill-opacity="${short(alpha)}"/>`);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {string} color @param {number} [alpha] */
  rect(x, y, w, h, color, alpha = 1) {
    this.parts.push(`<rect x="${short(x)}" y="${short(y)}" width="${short(Math.max(0, w))}" height="${short(Math.max(0, h))}" fill="${escapeXml(color)}" fill-opacity="${short(alpha)}"/>`);
  }

  /** @param {number} x @param {number} y @param {number} radius @param {string} color @param {string} [edge] @param {number} [alpha] */
  dot(x, y, radius, color, edge, alpha = 1) {
    this.parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${escapeXml(color)}" fill-opacity="${short(alpha)}"${edge ? ` stroke="${escapeXml(edge)}" stroke-width="1.5"` : ''}/>`);
  }

  /** @param {string} text @param {number} x @param {number} y @param {TextStyle} [style] */
  text(text, x, y, style = {}) {
    const { color = '#000', size = 12, align = 'left', baseline = 'middle', bold = false, turn = 0, most, halo } = style;
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    const shift = { top: 0.8, middle: 0.35, bottom: -0.2 }[baseline] * size;
    this.parts.push(`<text transform="translate(${short(x)} ${short(y)}) rotate(${turn}) translate(0 ${short(shift)})" font-size="${size}" text-anchor="${anchor}" fill="${escapeXml(color)}"${bold ? ' font-weight="600"' : ''}${halo ? ` stroke="${escapeXml(halo)}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"` : ''}>${escapeXml(most ? fitText(text, size, most, bold) : text)}</text>`);
  }

  /** @param {HTMLCanvasElement} image @param {number} x @param {number} y @param {number} w @param {number} h @param {boolean} [smooth] */
  image(image, x, y, w, h, smooth = false) {
    this.parts.push(`<image x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" preserveAspectRatio="none"${smooth ? '' : ' image-rendering="pixelated"'} href="${image.toDataURL('image/png')}"/>`);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {() => void} draw */
  clip(x, y, w, h, draw) {
    const id = `clip${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"/></clipPath><g clip-path="url(#${id})">`);
    draw();
    this.parts.push('</g>');
  }

  toString() { return this.parts.join('\n') + '\n</svg>\n'; }
}

/** @typedef {CanvasSurface | SvgSurface} Surface */

/**
 * Caches a part of a drawing as an image: calls `draw` only if the key or the size has changed. On an SVG surface it always draws.
 * @param {Surface} surface
 * @param {{w: number, h: number}} box
 * @param {{key?: string, canvas?: HTMLCanvasElement}} store The cached image; the caller keeps it.
 * @param {string} key
 * @param {(surface: Surface) => void} draw
 */
export function layer(surface, box, store, key, draw) {
  if (surface instanceof SvgSurface) return draw(surface);
  store.canvas ??= document.createElement('canvas');
  const now = `${key} ${box.w} ${box.h} ${globalThis.devicePixelRatio}`;
  if (store.key !== now) draw(new CanvasSurface(store.canvas, box.w, box.h));
  store.key = now;
  surface.image(store.canvas, 0, 0, box.w, box.h, true);
}

/** @param {number} value */
function short(value) { return String(Math.round(value * 100) / 100); }

/** @param {string} text */
function escapeXml(text) {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '�');
}
