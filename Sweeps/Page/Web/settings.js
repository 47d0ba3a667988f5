/** What a person has chosen: everything is in the URL behind the hash sign, so that a link shows the same view. */
export class Settings {
  constructor() {
    /** @type {Map<string, string>} */
    this.values = new Map(new URLSearchParams(location.hash.slice(1)));
    /** The token for steering comes with the address and leaves it, so that a copied link does not give it away. */
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
    // A browser allows a hundred changes of the address in half a minute; a brush makes more.
    this.timer = setTimeout(() => history.replaceState(null, '', '#' + new URLSearchParams([...this.values])), 150);
  }
}

/** @param {string} key */
function sessionStorageGet(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

/** @param {string} key @param {string} value */
function sessionStorageSet(key, value) {
  // A browser that keeps nothing still has the token until the page is loaded again.
  try { sessionStorage.setItem(key, value); } catch { return; }
}
