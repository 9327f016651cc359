// Which channel and which account of it is looked at: the address says it, so that a link, a reload or another language
// leads there again.

const PLACES = ["channel", "publication"];

/** By the address: names, "" for none. */
export function asked() {
  const { searchParams } = new URL(location.href);
  const [channel, publication] = PLACES.map((name) => searchParams.get(name) ?? "");
  return { channel, publication };
}

/** From now on it is those. */
export function shows(names) {
  const address = new URL(location.href);
  for (const place of PLACES) {
    if (names[place]) address.searchParams.set(place, names[place]);
    else address.searchParams.delete(place);
  }
  history.replaceState(history.state, "", address);
}

/** The channel to show: of the account that is looked at, as chosen, the first that is published, the first of all. */
export function channelOf({ channels, publications }, { channel, publication }) {
  const account = publications.find(({ id }) => id === publication);
  const known = (wanted) => channels.find(({ name }) => name === wanted);
  return known(account?.channel) ?? known(channel) ?? known(publications[0]?.channel) ?? channels[0];
}
