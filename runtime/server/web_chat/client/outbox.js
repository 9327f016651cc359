// What was written and has no answer yet: it outlives the page, and other tabs see it.

const OLDEST = 24 * 60 * 60; // seconds; what lay here for longer is not sent by itself

export class Outbox {
  constructor(world, publication) {
    this.world = world;
    this.name = `hongyan.${publication}.out`;
  }

  /** {id, input, files, choice, at}, oldest first. */
  all() {
    try {
      const found = JSON.parse(this.world.keep.get(this.name) ?? "[]");
      return found.filter((one) => typeof one?.id === "string" && this.world.now() / 1000 - one.at < OLDEST);
    } catch {
      return [];
    }
  }

  put({ id, input, files, choice, at }) {
    const named = files.map(({ id, kind, name, size }) => ({ id, kind, name, size }));
    this.#write([...this.all(), { id, input, files: named, choice, at }]);
  }

  drop(id) {
    const all = this.all();
    const left = all.filter((one) => one.id !== id);
    if (left.length < all.length) this.#write(left);
  }

  clear() {
    this.world.keep.drop(this.name);
  }

  /** `work` when another tab wrote here. */
  watch(work) {
    return this.world.on("storage", (event) => event.key === this.name && work());
  }

  #write(all) {
    all.length ? this.world.keep.put(this.name, JSON.stringify(all)) : this.clear();
  }
}
