// Names that nobody else gives: of messages, and of tries to refresh a session. They open nothing.

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * @param {number} [length]
 * @returns {string} letters and digits
 */
function fresh(length = 24) {
  let id = "";
  while (id.length < length) id += LETTERS[Math.floor(Math.random() * LETTERS.length)];
  return id;
}

module.exports = { fresh };
