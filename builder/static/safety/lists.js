// Word lists: files of the home, to be searched, written, brought in and taken away.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { listed, say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { upload } from "../common/upload.js";

export function Lists({ call, page, lists, may, again }) {
  const [sought, setSought] = useState("");
  const edit = async (list) => (await open(ListDialog, { call, page, list, may })) && again();
  const look = async (list) => {
    const text = told(await call("read_list", { name: list.name }));
    if (text !== null) await edit({ ...list, text: text === true ? "" : text });
  };
  const remove = ({ name }) => gone(call, "remove_list", { name }, again);
  const add = may &&
    html`<${Button} label=${t("safety.list.add")} icon="plus" id="add-list" onClick=${() =>
      void edit({ name: "", text: "" })} />`;
  const shown = lists.filter(({ name }) => name.includes(sought.trim().toLowerCase()));
  const line = (list) => {
    const actions = [
      html`<${Button} label=${t(may && !list.given ? "common.edit" : "safety.list.look")} id="edit-list" onClick=${() =>
        look(list)} />`,
      may && !list.given && html`
        <${Button} icon="trash" look="quiet icon" title=${t("common.remove")} id="remove-list"
          onClick=${() => remove(list)} />
      `,
    ];
    return html`
      <${Line} key=${list.name} id="list-${list.name}" actions=${actions}>
        <div class="hy-row"><h3><code>${list.name}</code></h3>${list.given &&
          html`<${Pill}>${t("safety.list.given")}</${Pill}>`}</div>
        <p class="soft">${t("safety.list.size", list)}${list.used_by.length > 0 && ` · ${listed(list.used_by)}`}</p>
        </${Line}>
    `;
  };
  return html`
    <${Card} title=${t("safety.lists")} hint=${t("safety.lists.hint")} aside=${add} data-testid="lists">
      ${lists.length > 1 && html`
        <${Input} id="seek-list" value=${sought} onChange=${setSought}
          aria-label=${t("safety.list.seek")} placeholder=${t("safety.list.seek")} />
      `}
      <${Table}>${shown.map(line)}</${Table}>
    </${Card}>
  `;
}

function ListDialog({ call, page, list, may, close }) {
  const [name, setName] = useState(list.name);
  const [text, setText] = useState(list.text);
  const [sought, setSought] = useState("");
  const [wrong, setWrong] = useState(/** @type {any} */ ({}));
  const ended = (answer) => {
    if (!answer.ok) return setWrong({ [answer.field || "text"]: say(answer.text) });
    told(answer);
    close(true);
  };
  const save = async () => ended(await call("save_list", { name, text, fresh: !list.name }));
  const bring = async ({ target }) =>
    target.files[0] && ended(await upload(page, "import_list", target.files[0], { name, fresh: !list.name }));
  const title = list.name ? t("safety.list.title", list) : t("safety.list.add");
  const found = sought.trim() ? text.split("\n").filter((word) => word.includes(sought.trim())) : [];
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    may && !list.given && html`<${Button} label=${t("common.save")} look="primary" id="save-list" onClick=${save} />`,
  ];
  return html`
    <${Dialog} title=${title} close=${close} footer=${footer} id="list-dialog">
      ${!list.name && html`
        <${Field} id="list-name" label=${t("safety.list.name")} hint=${t("safety.list.name.hint")} wrong=${wrong.name}>
          <${Input} id="list-name" code value=${name} wrong=${wrong.name} onChange=${setName} autofocus />
          </${Field}>
          <${Field} id="list-file" label=${t("safety.list.file")} hint=${t("safety.list.file.hint")}>
            <input id="list-file" type="file" accept=".txt,text/plain" data-testid="list-file" class="hy-input"
              onChange=${bring} />
            </${Field}>
      `}
      ${list.name && html`
        <${Field} id="list-seek" label=${t("safety.list.seek_word")} hint=${listed(found.slice(0, 20))}>
          <${Input} id="list-seek" value=${sought} onChange=${setSought} />
          </${Field}>
      `}
      <${Field} id="list-text" label=${t("safety.list.words")} hint=${t("safety.list.words.hint")} wrong=${wrong.text}>
        <${Input} id="list-text" rows=${12} code value=${text} wrong=${wrong.text} readonly=${list.given ||
          !may} onChange=${setText} />
      </${Field}>
    </${Dialog}>
  `;
}
