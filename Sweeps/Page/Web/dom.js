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
  setOptions(select, options.map(option => Array.isArray(option) ? option : [option, option]), value);
  return select;
}

/**
 * Changes the options of a select element. The elements of options stay, so that an open list stays open.
 * @param {HTMLSelectElement} select
 * @param {[string, string][]} options The values with their texts.
 * @param {string} value
 */
export function setOptions(select, options, value) {
  select.length = options.length;
  for (const [i, [key, text]] of options.entries()) {
    const option = select.options[i];
    if (option.value !== key || option.text !== text) Object.assign(option, { value: key, text });
  }
  if (options.some(([key]) => key === value)) select.value = value;
}

/**
 * Replaces the children of an element if their text has changed. With new rows of a running sweep, what is not new keeps the focus, a selection
 * and a pressed button.
 * @param {Element} parent
 * @param {...(Node | string)} children
 */
export function renew(parent, ...children) {
  const text = children.map(child => typeof child === 'string' ? child : child.textContent).join('');
  if (parent.childNodes.length !== children.length || parent.textContent !== text) parent.replaceChildren(...children);
}

/**
 * Creates a bar of buttons, each shown while it applies. A button stays the same element: if it were replaced between press and release of the
 * pointer, the browser would send no click.
 * @param {{text: string, title?: string, act: () => void, applies: () => boolean}[]} actions
 * @returns {{element: HTMLElement, update: () => void}} The bar, and what shows the buttons that apply now.
 */
export function actionBar(actions) {
  const buttons = actions.map(({ text, title, act }) => el('button', { type: 'button', title, onclick: act }, text));
  const update = () => {
    const focused = buttons.find(button => button === document.activeElement);
    for (const [i, button] of buttons.entries()) button.hidden = !actions[i].applies();
    // A hidden element loses the focus to the document: the next keys would go to the page.
    if (focused?.hidden) buttons.find(button => !button.hidden)?.focus({ preventScroll: true });
  };
  update();
  return { element: el('div', { className: 'controls' }, ...buttons), update };
}

/**
 * Creates a text field that says why its text is not valid.
 * @param {Record<string, any>} properties The properties of the field.
 * @param {'input' | 'change'} event The event after which the text is used.
 * @param {(text: string) => string} problem Returns why a text is not valid; empty if it is.
 * @param {(text: string) => void} use Receives each valid text.
 */
export function checkedField(properties, event, problem, use) {
  const field = el('input', properties);
  const why = el('span', { className: 'why bad', role: 'alert' });
  const check = () => {
    why.textContent = problem(field.value);
    field.setAttribute('aria-invalid', String(why.textContent !== ''));
    return why.textContent === '';
  };
  check();
  field.addEventListener(event, () => { if (check()) use(field.value); });
  return el('span', { className: 'checked' }, field, why);
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

/** @param {string} text @returns {string} Why a text is not a regular expression; empty if it is one. */
export function searchProblem(text) {
  try {
    new RegExp(text);
    return '';
  } catch (problem) {
    // Browsers repeat the expression before the reason.
    return `not a regular expression: ${/** @type {Error} */ (problem).message.split(': ').at(-1)}`;
  }
}

/** @param {string} text @returns {RegExp | null} Null for a text that is empty or not a regular expression. */
export function searchFor(text) { return text && !searchProblem(text) ? new RegExp(text, 'i') : null; }
