// Above the chat: which one it is, the others, and the ways that it went.

import { html, useState } from "preact";
import { download } from "../common/copy.js";
import { Dialog, open as openDialog } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { agentId, caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { moment, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { change, compare, focusBox, open, useShared } from "./chat_state.js";
import { Fork } from "./fork.js";
import { again, leaveRewriting, rewrite } from "./deeds.js";
import { Share } from "./share.js";

export function mount({ element, page }) {
  if (agentId()) show(html`<${Chats} call=${caller(page)} id=${agentId()} />`, element);
}

function Chats({ call, id }) {
  const { chat, tip, name, forks, columns, runs, unsaved, rewrites } = useShared();
  const list = () => void openDialog(List, { call, id, current: chat });
  const begin = () => (open(), focusBox());
  const first = () => column(tip || (chat ? "" : "start"));
  return html`<div class="hy-chats" hidden=${!id}>
    <${Button} icon="history" label=${t("chats.all")} title=${`${t("chats.all")} · Alt+L`} id="chats" onClick=${list} />
    <span class="hy-chat-name" data-testid="chat-name">${name}</span>
    <${Button} icon="plus" label=${t("chats.new")} title=${`${
    t("chats.new")
  } · Alt+N`} id="chat-new" disabled=${runs} onClick=${begin} />
    ${
    call.may("share_chat", id) && html`
      <${Button} icon="link" label=${t("share.open")} id="share" disabled=${!chat || runs}
        onClick=${() => void openDialog(Share, { call, id, chat, tip })} />
    `
  }
    ${
    !columns.length &&
    html`
      <${Button} icon="flow" label=${t("columns.begin")} id="compare" disabled=${runs}
        onClick=${() => compare([first(), first()])} />
    `
  }
    ${
    columns.length > 0 && chat && html`
      <${Button} icon="refresh" label=${t("columns.again")} title=${`${t("columns.again")} · Alt+R`} id="again-all"
        disabled=${runs} onClick=${again} />
      <${Button} icon="pencil" label=${t("columns.rewrite")} title=${`${t("columns.rewrite")} · Alt+E`} id="rewrite-all"
        disabled=${runs} onClick=${() => rewrite()} />
    `
  }
    ${
    !columns.length && forks.map((one) =>
      html`<${Fork} key=${one.number} fork=${one} runs=${runs} go=${(end) => open(chat, end)} />`
    )
  }
    ${
    rewrites !== null && html`
      <div class="hy-row hy-rewrites" role="status" data-testid="rewrites">
        <span>${t("rewrites.now")}</span>
        <${Button} label=${t("common.cancel")} id="rewrites-leave" onClick=${leaveRewriting} />
      </div>
    `
  }
    ${unsaved && html`<${Callout} tone="warn" title=${t("chats.unsaved")} />`}
  </div>`;
}

const column = (tip) => ({ version: "", model: "", name: "", tip });

/** All chats with this agent. */
function List({ call, id, current, close }) {
  const [word, setWord] = useState("");
  const { value: found, again, instead } = useLoad(call, "chats", { id, word }, { part: true });
  const go = (chat) => (close(), open(chat), focusBox());
  const remove = async (one) => {
    if (await gone(call, "delete_chat", { id, chat: one.id }, again) && one.id === current) open();
  };
  const rated = async () => {
    const answer = await call("feedback", { id });
    if (told(answer)) download(`${id}-feedback.json`, JSON.stringify(answer.value, null, 2));
  };
  const footer = html`<${Button} icon="download" label=${t("chats.feedback")} id="feedback-export" onClick=${rated} />`;
  return html`
    <${Dialog} title=${t("chats.title")} close=${close} footer=${footer} id="chats-dialog">
      <${Input} id="chats-search" kind="search" value=${word} placeholder=${t("chats.search")}
        aria-label=${t("chats.search")} onChange=${setWord} />
      ${instead}
      ${found && !found.length && (word ? html`<${Calm} of="chats_found" />` : html`
        <${Empty} of="chats">
          <${Button} label=${t("empty.chats.go")} look="primary" onClick=${() => (close(), focusBox())} />
          </${Empty}>
      `)}
      <ul class="hy-chat-list">${found?.map((one) =>
        html`
          <${Row} key=${one.id} one=${one} current=${current} go=${go} remove=${remove} again=${again}
            call=${call}
            id=${id} />
        `
      )}</ul>
      <p class="faint">${t("chats.where")}</p>
    </${Dialog}>
  `;
}

function Row({ one, current, go, remove, again, call, id }) {
  const [name, setName] = useState(null);
  const rename = async () => {
    const answer = await call("rename_chat", { id, chat: one.id, name });
    if (!told(answer)) return;
    setName(null);
    if (one.id === current) change({ name });
    again();
  };
  const take = async () => {
    const answer = await call("export_chat", { id, chat: one.id });
    if (told(answer)) download(`${id}-${one.id.slice(0, 8)}.json`, JSON.stringify(answer.value, null, 2));
  };
  if (name !== null) {
    return html`
      <li class="hy-row">
        <${Input} id="chat-rename" value=${name} aria-label=${t("chats.rename")} autofocus onEnter=${rename}
          onChange=${setName} />
        <${Button} label=${t("common.save")} id="chat-rename-save" onClick=${rename} />
      </li>
    `;
  }
  return html`
    <li class="hy-row" data-testid="chat-row">
      <button type="button" class="hy-chat-open" aria-current=${one.id === current ? "true" : null}
        onClick=${() => go(one.id)}>
        <b>${one.name || t("chats.unnamed")}</b>
        <small class="faint">${moment(one.changed)} · ${t("chats.turns", { n: one.turns })}</small>
      </button>
      <${Button} icon="pencil" look="quiet icon" title=${t("chats.rename")} id="chat-rename-open"
        onClick=${() => setName(one.name)} />
      <${Button} icon="download" look="quiet icon" title=${t("chats.export")} onClick=${take} />
      <${Button} icon="trash" look="quiet icon" title=${t("chats.delete")} id="chat-delete" onClick=${() =>
        remove(one)} />
    </li>
  `;
}
