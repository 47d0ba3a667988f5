/** The user's settings of the page. All of them are in the fragment of the URL, so that a link shows the same view. */
export class Settings {
  constructor() {
    /** @type {Map<string, string>} */
    this.values = new Map(new URLSearchParams(location.hash.slice(1)));
    /** The token for steering. The constructor removes it from the address, so that a copied link does not contain it. */
    this.token = this.values.get('token') ?? sessionStorageGet('sweep-token') ?? document.querySelector('meta[name=sweep-token]')?.getAttribute('content') ?? '';
    if (this.values.delete('token')) {
      sessionStorageSet('sweep-token', this.token);
      this.write();
    }
  }

  /** @param {string} key @param {string} [otherwise] */
  get(key, otherwise = '') { return this.values.get(key) ?? otherwise; }

  /** @param {string} key @param {string} value An empty value removes the key. */
  set(key, value) {
    if (value === '') this.values.delete(key);
    else this.values.set(key, value);
    this.write();
  }

  write() {
    clearTimeout(this.timer);
    // Browsers limit the number of address changes (Safari: 100 in 30 seconds), and dragging a brush makes more: wait for a pause.
    this.timer = setTimeout(() => this.writeNow(), 150);
  }

  writeNow() {
    clearTimeout(this.timer);
    history.replaceState(null, '', '#' + new URLSearchParams([...this.values]));
  }

  /** Loads the page with other settings. Back returns to the present ones. @param {Map<string, string>} values */
  open(values) {
    this.writeNow();
    history.pushState(null, '', '#' + new URLSearchParams([...values]));
    location.reload();
  }
}

/** @param {string} key */
function sessionStorageGet(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

/** @param {string} key @param {string} value */
function sessionStorageSet(key, value) {
  // If storage is disabled, the page keeps the token in memory until it is loaded again.
  try { sessionStorage.setItem(key, value); } catch { return; }
}
