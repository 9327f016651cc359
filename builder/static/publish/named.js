// Sentences in which a channel's own things are named.

import { say, t } from "../common/texts.js";

/** The sentence of that key with the channel's own words in it. */
export const of = ({ words }, key, values = {}) => t(key, { ...named(words), ...values });

const named = (words) => Object.fromEntries(Object.entries(words).map(([name, text]) => [name, say(text)]));
