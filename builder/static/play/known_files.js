// Files that the server keeps already and that come into the box once more: nothing of them is sent again.

const paths = new Map(); // by the name of what stands for them, which Gradio hands on

/** An empty one that stands for what is kept there. */
export function knownFile(path, name, type) {
  const ending = /\.\w{1,10}$/.exec(name ?? "")?.[0] ?? "";
  const token = `kept-${crypto.getRandomValues(new Uint32Array(4)).join("-")}${ending}`;
  paths.set(token, path);
  return new File([], token, { type: type || "" });
}

/** Where it is kept; undefined for one that is not. */
export function pathOf({ name }) {
  const path = paths.get(name);
  paths.delete(name);
  return path;
}
