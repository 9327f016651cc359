// Time, so that who tests it can turn its hands.

module.exports = {
  /** Milliseconds since 1970. */
  now() {
    return Date.now();
  },

  /**
   * @param {number} milliseconds
   * @param {() => void} run
   * @returns {() => void} so that it never happens
   */
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
