/**
 * @typedef {object} Palette
 * @property {string} background
 * @property {string} text
 * @property {string} dim
 * @property {string} grid
 * @property {string} accent
 * @property {string} rest The colour of runs that are not selected.
 * @property {string[]} ramp From the best run's colour to the worst one's.
 * @property {string[]} groups
 * @property {string[]} states The colours of the states, by the numbers of `State`.
 */

/** The number of colours of a ramp. */
export const levels = 12;

// Viridis: its lightness increases evenly, so that its colours can be distinguished with any kind of colour vision.
const viridis = [[68, 1, 84], [65, 68, 135], [42, 120, 142], [34, 168, 132], [122, 209, 81], [253, 231, 37]];

// The colours of groups, after Okabe and Ito.
const groups = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c8c00', '#777777'];

/** @param {number} t 0 … 1. */
function viridisAt(t) {
  const place = t * (viridis.length - 1);
  const low = Math.min(viridis.length - 2, Math.floor(place));
  const mixed = viridis[low].map((from, i) => Math.round(from + (viridis[low + 1][i] - from) * (place - low)));
  return `rgb(${mixed.join(' ')})`;
}

/** @param {boolean} dark @returns {string[]} */
function ramp(dark) {
  // The best runs must have the strongest contrast to the background: dark on white, bright on black.
  return Array.from({ length: levels }, (_, i) => viridisAt(dark ? 1 - 0.9 * i / (levels - 1) : 0.9 * i / (levels - 1)));
}

/** @type {Palette} */
const light = {
  background: '#ffffff', text: '#1b2330', dim: '#5a6473', grid: '#e3e7ee', accent: '#c0392b', rest: '#9aa3b2', ramp: ramp(false), groups,
  states: ['#5a6473', '#0068a3', '#8f5500', '#00704f', '#75598a', '#b34700', '#a3195b'],
};

/** @type {Palette} */
const dark = {
  background: '#161b22', text: '#e6edf3', dim: '#9da7b3', grid: '#2a313c', accent: '#ff7b6b', rest: '#56606e', ramp: ramp(true),
  groups: groups.map(colour => colour === '#0072b2' ? '#4aa3df' : colour === '#8c8c00' ? '#f0e442' : colour === '#777777' ? '#b0b0b0' : colour),
  states: ['#9da7b3', '#4aa3df', '#e69f00', '#2fbf8f', '#b79bd0', '#ff7b3a', '#ff78b9'],
};

/** @returns {boolean} */
export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** @returns {Palette} */
export function palette() { return isDark() ? dark : light; }
