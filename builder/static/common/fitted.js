// What fills the rest of the window: how much of it stands around is measured, since banners come and go.

/** Keep the CSS variable `name` at the pixels that `around` counts, whenever one of `parts` gets another size. */
export function keepMeasured(name, around, parts) {
  const watching = new ResizeObserver(() =>
    document.documentElement.style.setProperty(name, `${Math.ceil(around())}px`)
  );
  // the page as a whole, too: what is not there yet makes it longer when it comes
  for (const part of [document.querySelector("main"), ...parts]) if (part) watching.observe(part);
  return () => watching.disconnect();
}

/** Pixels from the top of the page, however far it is scrolled. */
export const topOf = (element) => element.getBoundingClientRect().top + scrollY;
