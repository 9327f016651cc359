// Which channels are shown, and among which ones each stands.

/** Those whose words have what was typed, by family and in the order in which they came. `words`: of a pair. */
export function families(channels, typed, words) {
  const wanted = typed.trim().toLowerCase();
  const found = new Map();
  for (const channel of channels) {
    const { name, title, hint, family } = channel;
    const said = [name, words(title), words(hint), words(family.title)].join(" ").toLowerCase();
    if (!said.includes(wanted)) continue;
    if (!found.has(family.id)) found.set(family.id, { ...family, channels: [] });
    found.get(family.id).channels.push(channel);
  }
  return [...found.values()];
}
