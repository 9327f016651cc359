// The owner's colour, with what can be read on it, and what of it can be read on the page.

const OURS = "#3653d8";
const LIGHT = [255, 255, 255];
const DARK = [16, 19, 25];
const READABLE = 4.5; // contrast of WCAG 2.2, 1.4.3

/** As properties of a style. `dark`: the page is. */
export function colours(colour, dark) {
  const brand = rgb(/^#[\da-f]{6}$/i.test(colour) ? colour : OURS);
  const ground = dark ? [24, 28, 36] : LIGHT;
  const ink = contrast(brand, LIGHT) >= READABLE ? LIGHT : better(brand);
  let text = brand;
  for (let i = 0; i < 20 && contrast(text, ground) < READABLE; i++) text = mixed(text, dark ? LIGHT : DARK, 0.1);
  return {
    "--brand": css(brand),
    "--on-brand": css(ink),
    "--accent": css(text),
    "--tint": css(mixed(ground, brand, dark ? 0.22 : 0.09)),
  };
}

const better = (brand) => (contrast(brand, LIGHT) >= contrast(brand, DARK) ? LIGHT : DARK);
const rgb = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const mixed = (one, other, part) => one.map((value, i) => value * (1 - part) + other[i] * part);
const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function light(colour) {
  const [r, g, b] = colour.map((value) => value / 255).map((
    v,
  ) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
