import { formatMoment } from './scales.js';
/** @import { SweepLog } from './log.js' */

/**
 * Finds the event up to which a moment shows the log, by the rules of LogCut.cs.
 * @param {string} text `seq:1234`, `62%`, `14:32`, `2026-03-01 14:32:05` (with `Z` or an offset, else in the browser's time zone) or `+1:02:03`.
 * @param {SweepLog} log
 * @returns {number | string} The number of the event; else why the text names none.
 */
export function eventAt(text, log) {
  const word = text.trim();
  const seq = Number(/^seq:(\d+)$/i.exec(word)?.[1] ?? 0);
  if (seq > 0) return Math.min(seq, log.lastSeq);
  const percent = Number(/^(\d+\.?\d*|\.\d+)%$/.exec(word)?.[1] ?? NaN);
  if (percent <= 100) return Math.max(1, Math.floor(percent / 100 * log.lastSeq));
  const at = timeOf(word, log);
  if (isNaN(at)) return `'${text}' is not a moment: expected 14:32, 2026-03-01 14:32:05, +1:02:03 after the start, 62% of the events or seq:1234.`;
  let rows = 0;
  while (rows < log.rows && log.at.data[rows] <= at) rows++;
  return rows ? log.seq.data[rows - 1] : `The sweep began later, at ${formatMoment(log.startedAt)}.`;
}

/** @param {string} word @param {SweepLog} log @returns {number} Milliseconds since 1970; NaN for a text that is not a time. */
function timeOf(word, log) {
  const since = /^\+(?:(?:(\d{1,8})\.)?(\d{1,2}):(?=\d\d:))?(\d{1,2}):(\d\d)$/.exec(word);
  if (since) {
    const [days, hours, minutes, seconds] = since.slice(1).map(part => Number(part ?? 0));
    return hours < 24 && minutes < 60 && seconds < 60 ? log.startedAt + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 : NaN;
  }
  const [, date, hour, minute, second = '00', zone = ''] = /^(?:(\d{4}-\d\d-\d\d)[ T])?(\d{1,2}):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?$/.exec(word) ?? [];
  if (!(Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60)) return NaN;
  if (date) return isDate(date) ? Date.parse(`${date}T${hour.padStart(2, '0')}:${minute}:${second}${zone}`) : NaN;
  if (zone) return NaN;
  // The last time before the end of the log at which the clock showed it, also over midnight.
  const end = log.at.data[log.rows - 1];
  const time = new Date(end);
  time.setHours(Number(hour), Number(minute), Number(second), 0);
  if (time.getTime() > end) time.setDate(time.getDate() - 1);
  return time.getTime();
}

/** @param {string} date @returns {boolean} False for 2026-02-30, which Date reads as 2 March. */
function isDate(date) {
  const read = new Date(date + 'T00:00Z');
  return !isNaN(read.getTime()) && read.toISOString().startsWith(date);
}
