// What the agent was before: when, with which note, what it held; and bringing it back.

import { button, empty, h, pill } from "../common/dom.js";
import { confirmed, dialog } from "../common/overlay.js";
import { toast } from "../common/toast.js";
import { told } from "../common/server.js";
import { ago, moment, say, t } from "../common/texts.js";

export function versionsButton(build) {
  return button("", {
    name: "history",
    look: "icon",
    title: t("history.title"),
    id: "history",
    onclick: () => show(build),
  });
}

async function show(build) {
  const list = h("div", { class: "hy-table", "data-testid": "versions" }, h("div", { class: "hy-loading" }));
  const draw = async () => {
    const found = told(await build.call("versions", { id: build.id }));
    if (!found) return shown.close();
    const nothing = empty("clock", t("history.none"), t("history.none.hint"));
    const lines = found.map((one) => line(build, one, draw, () => shown.close()));
    list.replaceChildren(...(lines.length ? lines : [nothing]));
  };
  const body = h("div", { class: "hy-stack" }, keeper(build, draw), list);
  const shown = dialog(t("history.title"), body, [], { wide: true, id: "history-dialog" });
  if (build.autosave.isDirty) await build.autosave.save();
  await draw();
}

/** Keep what is there now, under a note. */
function keeper(build, draw) {
  const note = noteInput("", t("history.note.now"));
  const wrong = h("div", { class: "wrong", hidden: true, role: "alert" });
  const keep = async () => {
    const asked = { id: build.id, data: build.autosave.data, note: note.value };
    const answer = await build.call("keep_version", asked);
    wrong.hidden = answer.ok || answer.field !== "note";
    if (!wrong.hidden) return wrong.replaceChildren(say(answer.text)), note.focus();
    if (!told(answer)) return;
    note.value = "";
    await draw();
  };
  const go = button(t("history.keep"), { id: "keep-version", onclick: keep });
  note.addEventListener("keydown", (event) => event.key === "Enter" && go.click());
  const hint = h("div", { class: "hint" }, t("history.hint"));
  return h("div", { class: "hy-field" }, h("div", { class: "hy-list-row" }, note, go), wrong, hint);
}

function noteInput(value, label) {
  const node = h("input", {
    type: "text",
    class: "hy-input",
    "aria-label": label,
    placeholder: label,
    "data-testid": "version-note",
  });
  node.value = value;
  return node;
}

function line(build, one, draw, close) {
  const note = h("div", { class: "hy-version-note", "data-testid": "note" }, one.note);
  return h(
    "div",
    { class: "line", "data-testid": `version-${one.kind}` },
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "hy-row" },
        h("b", {}, moment(one.at)),
        h("span", { class: "faint" }, ago(one.at)),
        one.kind === "published" && pill(t("history.published", one), one.live ? "ok" : ""),
        one.live && pill(t("versions.live"), "ok"),
      ),
      note,
      h("p", { class: "soft" }, held(build, one.held)),
    ),
    h(
      "div",
      { class: "hy-row" },
      button(t("history.look"), { id: "version-look", onclick: () => look(build, one) }),
      button(t(one.note ? "history.note.edit" : "history.note"), {
        id: "note-write",
        onclick: () => write(build, one, note, draw),
      }),
      button(t("history.restore"), { id: "version-restore", onclick: () => restore(build, one, close) }),
    ),
  );
}

function write(build, one, place, draw) {
  const input = noteInput(one.note, t("history.note"));
  const save = async () =>
    told(await build.call("annotate", { id: build.id, key: one.key, note: input.value })) && draw();
  const go = button(t("common.save"), { id: "note-save", onclick: save });
  input.addEventListener("keydown", (event) => event.key === "Enter" && go.click());
  place.replaceChildren(h("div", { class: "hy-list-row" }, input, go));
  input.focus();
}

/** "3 blocks · new: …": what it held, and what was new in it. */
function held(build, { blocks, added, removed, changed, settings }) {
  const named = (block) => build.handle()?.name(block) || block.title || block.id;
  const names = (list) => list.map(named).join("、");
  return [
    t("history.blocks", { n: blocks.length, names: names(blocks) || t("history.empty") }),
    added.length && t("history.added", { names: names(added) }),
    removed.length && t("history.removed", { names: names(removed) }),
    changed.length && t("history.changed", { names: names(changed) }),
    settings.length && t("history.settings", { names: settings.map((name) => build.place(name)).join("、") }),
  ].filter(Boolean).join(" · ");
}

async function look(build, one) {
  const found = told(await build.call("version", { id: build.id, key: one.key }));
  if (!found) return;
  const text = JSON.stringify(found.data, null, 2);
  const body = h("pre", { class: "hy-pre", tabIndex: 0 }, text);
  dialog(moment(one.at), body, [], { wide: true, id: "version-dialog" });
}

async function restore(build, one, close) {
  const title = t("history.restore.title", { when: moment(one.at) });
  if (!(await confirmed(title, t("history.restore.hint"), t("history.restore")))) return;
  const found = told(await build.call("version", { id: build.id, key: one.key }));
  if (!found) return;
  const before = build.autosave.data;
  const become = async (data) => {
    build.autosave.replace(data);
    await build.redraw();
    await build.autosave.save();
  };
  close();
  await become(found.data);
  toast(t("history.restored"), { action: { label: t("common.undo"), run: () => become(before) } });
}
