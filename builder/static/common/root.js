// Where the builder begins: most pages lie there; the insights lie one folder deeper and say so.

const deeper = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="hy-root"]'));

/** The whole address of a path that is given from the builder's root. */
export const at = (path) => new URL(path, new URL(deeper?.content ?? ".", document.baseURI)).href;
