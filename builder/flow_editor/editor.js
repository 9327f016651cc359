/** Mounts the flow editor on an element: holds the state, draws it, and hands edits out. */

import { actions } from "./actions.js";
import { adopt } from "./adopt.js";
import { dress } from "./became.js";
import { blockMenus } from "./block_menu.js";
import { canvas } from "./canvas.js";
import { nameOf } from "./card.js";
import { clipboard } from "./clipboard.js";
import { debounced, part } from "./dom.js";
import { historyOf, push, redo, undo } from "./history.js";
import { inspect, showProblems } from "./inspector.js";
import { keys } from "./keys.js";
import { minimap } from "./minimap.js";
import { palette } from "./palette.js";
import { locate, located } from "./problems.js";
import { referredIn } from "./scope.js";
import { selection } from "./selection.js";
import { speech } from "./speech.js";
import { toolbar } from "./toolbar.js";
import { fingers } from "./touch.js";
import { treeOf } from "./tree.js";
import { whileTyped } from "./typing.js";
import { turns } from "./turn.js";
import { draw, mainOf, namesIn } from "./view.js";

const PAUSE = 150; // ms after the last change until onEdit
const NARROW = 760; // px of width below which it is a list, and the form a sheet
/**
 * options: {flow, catalog, texts: {zh, en}, lang, variables, models, templates, bases, agents, shared, publications, readonly?, became? (became.js), onEdit(flow, why), onPending() at once,
 * onSelect(id), onPreviewPrompt?, toolForm?, tryTool?, tryBlock?, importTools?}. Returns {load, steps, status, problems, lang, get, select, name, focus, destroy}. A second mount replaces the first.
 */
export function mount(element, options) {
  element.flowEditor?.destroy();
  const editor = new Editor(element, options);
  element.flowEditor = {
    load: (flow, steps) => editor.load(flow, steps),
    adopt: (flow) => adopt(editor, flow),
    steps: () => ({ past: editor.history.past, now: editor.history.now, future: editor.history.future }),
    status: (map) => editor.mark({ status: Object.assign(Object.create(null), map) }),
    problems: (list) => editor.mark({ problems: located(editor.tree, editor.flow, list ?? []) }),
    lang: (lang) => editor.speak(lang),
    update: (more) => editor.update(more),
    paint: (events, asked = "") => (editor.asked = asked, editor.paint(events)),
    travel: (way) => editor[way](),
    become: (flow, why) => editor.edit(flow, why),
    get: () => structuredClone(editor.flow),
    select: (id) => editor.select(id, { open: true, reveal: true }),
    reveal: (path) => editor.revealField(path),
    name: (block) => nameOf(editor, block),
    focus: (id) => mainOf(editor.world, id ?? editor.flow[0]?.id)?.focus(),
    flush: () => editor.tell.flush(),
    destroy: () => editor.destroy(element),
  };
  return element.flowEditor;
}

class Editor {
  selected = "";
  /** @type {string[]} */ marks = []; // more than one block at once
  /** @type {{word: string, at: number, opened: number} | null} */ search = null;
  found = ""; // by it
  /** @type {any[] | null} */ events = null;
  asked = ""; // what was written in it
  here = {}; // who else works on a block, by its id
  /** @type {((way: "undo" | "redo") => void) | null} */ beyond = null; // goes on where the own steps end
  ahead = false; // it has steps that were taken back
  turn = null; // that is drawn on the flow: see painted.js
  rounds = {}; // of it those that are looked at, by place
  read = []; // the flow as it was loaded
  cards = new Map(); // as they are drawn: see card.js
  lists = new Map(); // see view.js
  form = { of: /** @type {any[]} */ ([]), name: 0, drawing: 0 }; // that is drawn: see inspector.js
  status = Object.create(null); // by id, which may be "constructor"
  problems = [];
  zoom = 1;
  view = "";
  narrow = false;
  // what a person can do (actions.js), and the ground it is done on (canvas.js)
  /** @type {any} */ t;
  /** @type {any} */ say;
  /** @type {any} */ announce;
  /** @type {any} */ select;
  /** @type {any} */ became;
  /** @type {any} */ remove;
  /** @type {any} */ centre;
  /** @type {any} */ press;
  /** @type {any} */ wheel;
  /** @type {any} */ drawMap;
  /** @type {any} */ paint;

  constructor(element, options) {
    const { flow, catalog, texts, lang = "zh", variables = [], models = [], templates = [] } = options;
    const { bases = [], agents = [], shared = [], publications = [], became = null } = options;
    this.texts = texts;
    this.language = lang;
    Object.assign(this, { variables, models, templates, bases, agents, shared, publications, became });
    this.types = catalog.blocks;
    this.tools = catalog.tools;
    this.always = catalog.always;
    this.reserved = catalog.reserved;
    this.readonly = Boolean(options.readonly || became);
    this.alarm = options.alarm ?? true; // false where the page around lists what is wrong
    this.onSelect = options.onSelect ?? (() => {});
    const { onPreviewPrompt, toolForm, tryTool, tryBlock, importTools } = options;
    Object.assign(this, { onPreviewPrompt, toolForm, tryTool, tryBlock, importTools });
    this.tree = treeOf(catalog.blocks);
    this.history = historyOf(flow ?? []);
    this.read = this.flow;
    const later = debounced((why) => options.onEdit?.(structuredClone(this.flow), why), PAUSE);
    this.tell = Object.assign((why) => (options.onPending?.(), later(why)), later);
    this.over = new AbortController();
    this.build(element);
    Object.assign(this, speech(this), selection(this), actions(this), canvas(this), clipboard(this), blockMenus(this));
    Object.assign(this, turns(this));
    keys(this, this.over.signal);
    fingers(this, this.over.signal);
    minimap(this, this.over.signal);
    this.speak(lang);
    this.centre();
  }

  get flow() {
    return this.history.now;
  }
  get canUndo() {
    return this.history.past.length > 0;
  }
  get canRedo() {
    return this.history.future.length > 0;
  }

  /** What is drawn into later, by this and by who draws its parts. */
  build(element) {
    this.world = part("div", "fe-world");
    this.palettePanel = part("nav", "fe-palette");
    this.bar = part("div", "fe-bar", { role: "toolbar" });
    this.map = part("div", "fe-map", { ariaHidden: "true" });
    this.stage = part("div", "fe-stage", {
      tabIndex: 0,
      onpointerdown: (event) => this.press(event),
      onwheel: (event) => this.wheel(event),
    }, this.world);
    this.panel = part("aside", "fe-panel");
    this.panel.dataset.testid = "inspector";
    this.live = part("div", "fe-live", { role: "status", ariaLive: "polite" });
    const veil = part("div", "fe-veil", { onclick: () => this.select("") });
    this.middle = part("div", "fe-middle", {}, this.bar, this.stage, this.map);
    this.root = part("div", "fe", {}, this.palettePanel, this.middle, veil, this.panel, this.live);
    dress(this);
    element.replaceChildren(this.root);
    this.resized = new ResizeObserver(() => this.fold());
    this.resized.observe(this.root);
    this.fold();
  }

  /** Narrow and wide: the first measure also chooses the view. */
  fold() {
    const width = this.root.clientWidth;
    const narrow = width > 0 && width < NARROW;
    if (!this.view || narrow !== this.narrow) {
      this.narrow = narrow;
      this.root.classList.toggle("narrow", narrow);
      this.show(narrow ? "list" : this.chosen ? this.view : "flow", this.chosen && !narrow);
    }
    if (!this.canUndo && this.remove) this.centre(); // nobody works in it yet
  }

  show(view, chosen = true) {
    this.chosen = chosen;
    this.view = view;
    this.root.classList.toggle("as-list", view === "list");
    if (!this.remove) return;
    this.redraw();
    if (chosen) this.announce(this.t("shown_as", { view: this.t(view) }));
    if (this.narrow) this.centre();
  }

  redraw() {
    this.referred = referredIn(this.flow);
    this.marks = this.tree.tops(this.flow, this.marks);
    this.names = namesIn(this, this.names);
    draw(this, this.world);
    this.redrawBar();
    this.drawMap();
  }

  redrawBar() {
    toolbar(this, this.bar);
  }

  redrawPanel() {
    inspect(this, this.panel);
    this.root.classList.toggle("inspecting", Boolean(this.selected));
  }

  /** The flow became `next`; `key` joins edits of one field into one undo step. */
  edit(next, why, key = "") {
    if (next === this.flow || this.readonly) return;
    this.history = push(this.history, next, key);
    this.redraw();
    // The form holds what it was drawn with; when the flow changed around it, it must not write that back.
    if (why !== "field") this.redrawPanel();
    this.tell(why);
  }

  /** A change of the whole flow that the form must follow too; `id` is selected then. */
  replace(next, why, id) {
    this.edit(next, why);
    this.select(id);
  }

  travel(step, why) {
    const history = step(this.history);
    if (history === this.history || this.readonly) return;
    this.history = history;
    if (!this.tree.find(this.flow, this.selected)) this.selected = "";
    const here = this.root.contains(document.activeElement);
    this.redraw();
    whileTyped(this.panel, () => this.redrawPanel());
    // The focused card may be gone with the step; the next Ctrl+Z must find its way here.
    if (here && !this.root.contains(document.activeElement)) {
      mainOf(this.world, this.selected || this.flow[0]?.id)?.focus();
    }
    this.tell(why);
    this.announce(this.t(`${why}_done`));
  }

  /** What follows is a step of undo of its own, however soon. */
  step() {
    this.history = { ...this.history, key: "" };
  }

  /** One step, or beyond those that this page remembers where somebody else knows more. */
  undo() {
    if (this.canUndo || !this.beyond || this.readonly) this.travel(undo, "undo");
    else this.beyond("undo");
  }
  redo() {
    if (this.canRedo || !this.ahead || this.readonly) this.travel(redo, "redo");
    else this.beyond("redo");
  }

  /** Another flow; {past, future} lead to it, see `steps()`. */
  load(flow, { past = [], future = [] } = {}) {
    this.tell.cancel();
    this.history = { ...historyOf(flow ?? []), past, future };
    this.read = this.flow;
    Object.assign(this, { selected: "", status: Object.create(null), turn: null, events: null, problems: [] });
    this.redraw();
    this.redrawPanel();
    this.centre();
  }

  /** Side information from outside: run status or problems. The form is left alone, somebody may be typing in it. */
  mark(part) {
    if (!this.take(part)) return;
    this.redraw();
    showProblems(this, this.panel);
  }

  /** Other variables, models, templates or bases. */
  update(more) {
    if (!this.take(more)) return;
    this.redraw();
    if (!this.panel.contains(document.activeElement)) this.redrawPanel();
  }

  /** Whether that is news: what is the same is not drawn again under somebody's hands. */
  take(part) {
    const news = Object.keys(part).some((key) => JSON.stringify(part[key]) !== JSON.stringify(this[key]));
    Object.assign(this, part);
    dress(this);
    return news;
  }

  speak(lang) {
    this.language = lang;
    const names = { palettePanel: "blocks", stage: "canvas", panel: "settings", bar: "toolbar" };
    for (const [part, key] of Object.entries(names)) this[part].setAttribute("aria-label", this.t(key));
    this.stage.setAttribute("role", "region");
    palette(this, this.palettePanel);
    this.redraw();
    this.redrawPanel();
  }

  /** The block and the field of a path such as "flow.1.cases.0.when". */
  revealField(path) {
    const { id, field } = locate(this.tree, this.flow, path);
    if (id) this.select(id, { open: true, field, reveal: true });
  }

  destroy(element) {
    this.tell.flush();
    this.over.abort();
    this.resized.disconnect();
    this.root.remove();
    delete element.flowEditor;
  }
}
