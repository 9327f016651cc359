// The agent's colour, and one that can be read on it.

const USUAL = "#0a7c42";

/** As WCAG counts how light a colour is, from 0 to 1. */
function lightness(color) {
  const parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : Math.pow((one + 0.055) / 1.055, 2.4)));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

/**
 * @param {string} color #rrggbb, or anything else for our own
 * @returns {{accent: string, on: string}} `on`: black or white, whichever is read better on it
 */
function palette(color) {
  const accent = /^#[0-9a-f]{6}$/i.test(color || "") ? color : USUAL;
  return { accent, on: lightness(accent) > 0.1791 ? "#000000" : "#ffffff" };
}

module.exports = { lightness, palette };
