// The menu of the account: what it is now, an editor, and how it will look on a phone.

import { html, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Callout, Card, More } from "../common/elements.js";
import { Form } from "../common/form.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { listed, say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { ButtonForm, MenuPhone } from "./menu_phone.js";

const NEW = { name: "", kind: "click", key: "", url: "", app_id: "", page: "", buttons: [] };

/** Folded away; the platform is asked only when somebody looks. */
export function MenuCard(context) {
  const [open, setOpen] = useState(false);
  return html`
    <${More} title=${t("menu.title")} data-testid="menu-card" onToggle=${(event) => setOpen(event.target.open)}>
      ${open && html`<${Menu} ...${context} />`}
    </${More}>
  `;
}

function Menu({ call, agent, publication }) {
  const { value: found, instead, again } = useLoad(call, "menu", { publication: publication.id }, { part: true });
  if (instead) return instead;
  if (found.forbidden) {
    return html`<${Callout} tone="warn" title=${t("menu.forbidden")} detail=${say(found.forbidden)} />`;
  }
  return html`<${Editor} call=${call} agent=${agent} publication=${publication} found=${found} again=${again} />`;
}

function Editor({ call, agent, publication, found, again }) {
  const [buttons, setButtons] = useState(found.buttons);
  const [chosen, setChosen] = useState([]); // its place: [], [i] or [i, j]
  const [wrong, setWrong] = useState(null); // {place, name, text}
  const edit = { buttons, chosen, limits: found.limits };
  const change = (next, place = chosen) => (setButtons(next), setChosen(place), setWrong(null));
  const add = (above) => {
    const siblings = above === null ? buttons : buttons[above].buttons;
    const grown = [...siblings, { ...NEW }];
    if (above === null) return change(grown, [siblings.length]);
    change(buttons.with(above, { ...buttons[above], buttons: grown }), [above, siblings.length]);
  };
  const put = async () => {
    const answer = await call("put_menu", { publication: publication.id, buttons });
    setWrong(answer.ok ? null : wrongAt(answer));
    if (!answer.ok) return answer.field.startsWith("buttons.") ? setChosen(wrongAt(answer).place) : told(answer);
    told(answer);
    await again();
  };
  const remove = async () => {
    const isLost = found.left_out.length > 0; // nobody could put that back
    if (isLost && !await confirmed(t("menu.remove"), t("menu.remove.hint"), t("menu.remove"))) return;
    await gone(call, "remove_menu", { publication: publication.id }, () => (change([], []), again()));
  };
  const set = (next) => change(placed(buttons, chosen, next));
  const drop = () => change(placed(buttons, chosen, null), []);
  const form = html`
    <${ButtonForm} key=${chosen.join(" ")} ...${edit} schema=${found.schema} wrong=${wrong} set=${set} drop=${drop} />
  `;
  return html`
    <${Card} title=${t("menu.title")} hint=${t("menu.hint")}>
      <div class="hy-stack">
        <${Told} call=${call} agent=${agent} publication=${publication} found=${found} />
        <div class="hy-chat-menu">
          <${MenuPhone} ...${edit} choose=${setChosen} add=${add} />
          ${chosen.length ? form : html`<p class="soft">${t("menu.choose")}</p>`}
        </div>
        <div aria-live="assertive">${wrong && html`<${Callout} tone="bad" title=${wrong.text} />`}</div>
        <div class="hy-row">
          <${Button} label=${t("menu.publish")} look="primary" icon="send" id="menu-publish" onClick=${put} />
          ${found.buttons.length > 0 && html`<${Button} label=${t("menu.remove")} look="quiet" onClick=${remove} />`}
        </div>
        ${found.limits.phones && html`
          <${ForSome} call=${call} publication=${publication} found=${found} buttons=${buttons} again=${again}
            edit=${(next) => change(next, [])} />
        `}
      </div>
      </${Card}>
  `;
}

/** Menus that only some have: what is composed above is put for them, or theirs is taken up there. */
function ForSome({ call, publication, found, buttons, edit, again }) {
  const [whom, setWhom] = useState({});
  const schema = found.schema.whom;
  const at = { publication: publication.id };
  const act = async (answer) => {
    if (told(await answer) !== null) await again();
  };
  const named = ({ phone, tag }) =>
    [phone && say(schema.properties.phone.choices[phone]), tag && t("menu.tag", { tag })].filter(Boolean).join(" · ");
  return html`
    <${More} title=${t("menu.some")} data-testid="menu-some">
      <p class="soft">${t("menu.some.hint")}</p>
      ${found.others.map((one) =>
        html`
          <div class="hy-list-row" key=${one.id}>
            <span style="flex: 1">${named(one.whom) || one.id}: ${one.buttons.map(({ name }) => name).join(
              " / ",
            )}</span>
            <${Button} label=${t("common.edit")} look="quiet" onClick=${() => edit(one.buttons)} />
            <${Button} icon="trash" look="quiet icon" title=${t("common.remove")}
              onClick=${() => gone(call, "remove_menu_for", { ...at, id: one.id }, again)} />
          </div>
        `
      )}
      <${Form} schema=${schema} values=${whom} columns onChange=${setWhom} />
      <div><${Button} label=${t("menu.some.put")} id="menu-some-put"
        onClick=${() => act(call("put_menu_for", { ...at, buttons, whom }))} /></div>
    </${More}>
  `;
}

/** Why the menu may not be seen, what cannot be composed here, and what can be brought over. */
function Told({ call, agent, publication, found }) {
  const bring = async () => told(await call("bring_answers", { publication: publication.id, answers: found.answers }));
  const hidden = found.buttons.length > 0 && !found.shown;
  return [
    html`
      <${Callout} key="why" tone=${hidden ? "warn" : ""} title=${t(hidden ? "menu.hidden" : "menu.vanished")}
        detail=${say(found.why)} />
    `,
    found.left_out.length > 0 && html`
      <${Callout} key="left" tone="warn" title=${t("menu.left_out", { names: listed(found.left_out) })}
        detail=${t("menu.left_out.hint")} />
    `,
    publication.offers.includes("automatic_answers") && html`
      <${Callout} key="bring" title=${t("menu.bring")} detail=${t("menu.bring.hint")}>
        ${call.may("bring_answers", agent) && html`
          <${Button} label=${t("menu.bring.go")} icon="download" id="bring-answers" onClick=${bring} />
        `}
        </${Callout}>
    `,
  ];
}

/** `buttons` with `next` at that place; null: without what is there. */
function placed(buttons, place, next) {
  const [i, j] = place;
  if (j === undefined) return next ? buttons.with(i, next) : buttons.toSpliced(i, 1);
  const below = buttons[i].buttons;
  return buttons.with(i, { ...buttons[i], buttons: next ? below.with(j, next) : below.toSpliced(j, 1) });
}

/** Of "buttons.0.buttons.1.key": the place [0, 1] and the name "key". */
function wrongAt({ field, text }) {
  const path = field.split(".").slice(1);
  const place = path.filter((one) => /^\d+$/.test(one)).map(Number);
  return { place, name: path.at(-1), text: say(text) };
}
