/**
 * Creates an element with properties and children. Strings become text nodes, so that no text of a sweep is parsed as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties] Names with a dash and `role` become attributes; names with `on` become listeners.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.includes('-') || name === 'role' || name === 'for') element.setAttribute(name, value === true ? '' : String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  for (const child of children) if (child || child === '') element.append(child);
  return element;
}

/**
 * Creates a select element with a label for screen readers.
 * @param {string} label
 * @param {(string | [string, string])[]} options The values, each with its text if it differs.
 * @param {string} value
 * @param {(value: string) => void} change
 */
export function choice(label, options, value, change) {
  const select = el('select', { title: label, 'aria-label': label, onchange: () => change(select.value) });
  for (const option of options) {
    const [key, text] = Array.isArray(option) ? option : [option, option];
    select.append(el('option', { value: key, selected: key === value }, text));
  }
  return select;
}

/**
 * Creates a toggle button.
 * @param {string} text
 * @param {string} title
 * @param {boolean} pressed
 * @param {(pressed: boolean) => void} change
 */
export function toggle(text, title, pressed, change) {
  const button = el('button', { type: 'button', className: 'toggle', title, 'aria-pressed': String(pressed), onclick: () => {
    pressed = !pressed;
    button.setAttribute('aria-pressed', String(pressed));
    change(pressed);
  } }, text);
  return button;
}

/**
 * @param {string} change The `Change` of the view.
 * @param {HTMLElement} bar The controls of a card.
 * @returns {boolean} Whether the controls must be built again. New rows of a running sweep must not close a list of choices that is open.
 */
export function changesControls(change, bar) {
  return change === 'settings' || (change === 'data' && !bar.contains(document.activeElement));
}

/**
 * Replaces the controls of a card. The control with the same label as the focused one gets the focus. Nothing is replaced while a person types
 * or drags in one of them.
 * @param {HTMLElement} bar
 * @param {(Node | null)[]} controls
 */
export function replaceControls(bar, controls) {
  const focused = bar.contains(document.activeElement) ? document.activeElement : null;
  if (focused instanceof HTMLInputElement) return;
  const label = (/** @type {Element} */ control) => control.getAttribute('aria-label') ?? control.getAttribute('title');
  bar.replaceChildren(.../** @type {Node[]} */ (controls.filter(Boolean)));
  if (focused) [.../** @type {NodeListOf<HTMLElement>} */ (bar.querySelectorAll('select, button'))].find(one => label(one) === label(focused))?.focus({ preventScroll: true });
}

/**
 * @param {string} name The file's name.
 * @param {Blob} content
 */
export function download(name, content) {
  const url = URL.createObjectURL(content);
  const link = el('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * @param {(string | number)[][]} rows
 * @returns {string} Comma-separated values as in RFC 4180.
 */
export function toCsv(rows) {
  return rows.map(row => row.map(value => {
    const text = typeof value === 'number' ? isNaN(value) ? '' : String(value) : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(',')).join('\r\n') + '\r\n';
}

/** @param {string} text @returns {RegExp | null} Null for an empty text; an invalid expression is searched for literally. */
export function searchFor(text) {
  if (!text) return null;
  try {
    return new RegExp(text, 'i');
  } catch {
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  }
}
