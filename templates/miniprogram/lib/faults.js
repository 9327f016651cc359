// What went wrong, as an Error with a code. By that, and not by its class, since the tools may turn classes
// into functions.

/**
 * @typedef {Error & {code: string, told: string, status: number, again: number, final: boolean}} Fault
 * `told`: the server's sentence for whoever asked, or ""; `code`: the server's, or one of ours: "offline", "timeout", "domain", "rubbish", "storage";
 * `status`: HTTP's or 0; `again`: seconds after which it may be tried once more, or 0; `final`: the server says that it would go no better.
 */

/**
 * @param {string} code
 * @param {{message?: string, status?: number, again?: number, final?: boolean}} [more]
 * @returns {Fault}
 */
function fault(code, { message = "", status = 0, again = 0, final = false } = {}) {
  return Object.assign(new Error(message || code), { code, told: status ? message : "", status, again, final });
}

const PASSING = ["offline", "timeout", "rubbish"];
const SOON = 60; // seconds that somebody waits; a limit of the day is told instead

/** Whether the same may go well a little later, without anybody doing anything. */
function passes(error) {
  if (error.final || error.again > SOON) return false;
  return PASSING.indexOf(error.code) >= 0 || error.again > 0 || error.status >= 500;
}

module.exports = { fault, passes };
