// Every sentence that a visitor reads, in their language.

import { languages, texts } from "assets";

const FALL_BACK = "en";

/** The language of ours that the visitor prefers; `wanted`: what the site says it is. */
export function language(wanted = "") {
  const known = languages.map(({ code }) => code);
  for (const one of [wanted, ...(navigator.languages ?? [navigator.language])]) {
    const found = known.find((code) => one && (one === code || one.toLowerCase().startsWith(code.toLowerCase())));
    if (found) return found;
  }
  return FALL_BACK;
}

/** What says a key in that language, with its {blanks} filled in. */
export function speaker(lang) {
  const own = texts[lang] ?? texts[FALL_BACK];
  const say = (key, values = {}) => {
    const text = own[key] ?? texts[FALL_BACK][key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
  const { locale } = languages.find(({ code }) => code === lang) ?? { locale: lang };
  return Object.assign(say, { lang, locale });
}
