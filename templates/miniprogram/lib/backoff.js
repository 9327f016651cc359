// How long to wait before the next try.

const LONGEST = 30; // seconds

/**
 * 1, 2, 4 … seconds, each a little off, so that thousands of phones do not come back in the same moment.
 * @param {number} tries that failed by now, from 1 on
 * @param {number} random from 0 up to 1
 * @returns {number} milliseconds
 */
function wait(tries, random) {
  const seconds = Math.min(LONGEST, Math.pow(2, Math.min(tries, 10) - 1));
  return Math.round(seconds * 1000 * (0.75 + random / 2));
}

module.exports = { wait };
