// A sentence with what stands in its {blanks}; runtime/lang.py does the same for those that the server says.

const BLANK = /(\p{Script=Han}?)\{(\w+)\}(?=(\p{Script=Han}?))/gu;
const LATIN = /^\p{Script=Latin}/u;

/** In Chinese a word in Latin letters stands apart from those beside it. A blank without a value stays. */
export function filled(text, values, lang) {
  const chinese = lang.startsWith("zh");
  return text.replace(BLANK, (whole, before, name, after) => {
    if (values[name] == null) return whole;
    const value = String(values[name]);
    const gap = (beside, letter) => (chinese && beside && LATIN.test(letter) ? " " : "");
    return `${before}${gap(before, value)}${value}${gap(after, value.slice(-1))}`;
  });
}
