// How many tokens a text is, roughly: models count differently.

const TOKENS = { cjk: 1, other: 4 }; // characters a token

export function tokens(text) {
  const cjk = text.match(/[\u3000-\u9fff\uff00-\uffef]/g)?.length ?? 0;
  return Math.ceil(cjk / TOKENS.cjk + (text.length - cjk) / TOKENS.other);
}
