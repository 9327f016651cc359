// A menu as a phone shows it, and the form of one of its buttons.

import { html } from "preact";
import { Button, Icon } from "../common/elements.js";
import { Form } from "../common/form.js";
import { t } from "../common/texts.js";

const FIELDS = {
  view: ["url"],
  miniprogram: ["app_id", "page", "url"],
  material: ["material"],
  article: ["material"],
};

/** `chosen`: the place of the button that is looked at; what is below it is open. `add(i)`: one more below i; null: at the top. */
export function MenuPhone({ buttons, chosen, limits, choose, add }) {
  const open = buttons[chosen[0]];
  return html`
    <div class="hy-chat-menu-phone" role="group" aria-label=${t("menu.preview")} data-testid="menu-phone">
      <div class="hy-chat-menu-said">${spoken(buttons, chosen)}</div>
      ${open &&
        html`<${Below} i=${chosen[0]} top=${open} chosen=${chosen} most=${limits.below} choose=${choose} add=${add} />`}
      <div class="hy-chat-menu-bar">
        ${buttons.map((button, i) =>
          html`
            <${Tap} key=${i} name=${cut(button.name, limits.shown)} more=${button.buttons.length > 0}
              pressed=${chosen[0] === i} id="menu-${i}" onClick=${() => choose([i])} />
          `
        )}
        ${buttons.length < limits.buttons &&
          html`<${Button} icon="plus" look="quiet icon" title=${t("menu.add")} id="menu-add" onClick=${() =>
            add(null)} />`}
      </div>
    </div>
  `;
}

function Below({ i, top, chosen, most, choose, add }) {
  const all = top.buttons.map((button, j) =>
    html`
      <${Tap} key=${j} name=${button.name} pressed=${chosen[1] === j} id="menu-${i}-${j}"
        onClick=${() => choose([i, j])} />
    `
  );
  const more = top.buttons.length < most && html`
    <${Button} icon="plus" label=${t("menu.add_below")} look="quiet" id="menu-add-below" onClick=${() => add(i)} />
  `;
  return html`<div class="hy-chat-menu-below" style="--n: ${i}">${all}${more}</div>`;
}

const Tap = ({ name, more = false, pressed, id, onClick }) =>
  html`
    <button type="button" aria-pressed=${String(pressed)} data-testid=${id} onClick=${onClick}>
      ${more && html`<${Icon} name="list" size=${12} />`}<span>${name || t("menu.nameless")}</span>
    </button>
  `;

/** What a tap on the chosen button does. */
function spoken(buttons, [i, j]) {
  const button = j === undefined ? buttons[i] : buttons[i]?.buttons[j];
  if (!button || button.buttons.length) return "";
  if (button.kind === "click") return button.key && html`<p>${button.key}</p>`;
  return button.url && html`<small>${t(`menu.opens.${button.kind}`, { url: button.url })}</small>`;
}

/** What a phone shows of a name: about so many wide letters. */
function cut(name, most) {
  let room = most * 2;
  const seen = [...name].filter((letter) => (room -= letter.codePointAt(0) > 0xff ? 2 : 1) >= 0);
  return seen.length < [...name].length ? `${seen.join("")}…` : name;
}

export function ButtonForm({ buttons, chosen, limits, schema, wrong, set, drop }) {
  const [i, j] = chosen;
  const button = j === undefined ? buttons[i] : buttons[i].buttons[j];
  const parent = j === undefined && button.buttons.length > 0;
  const most = j === undefined ? limits.name : limits.name_below;
  const here = wrong && wrong.place.join() === chosen.join() ? { [wrong.name]: wrong.text } : {};
  const kept = button.kind === "kept";
  const fields = parent || kept ? [] : ["kind", ...(FIELDS[button.kind] ?? ["key"])];
  const plain = { ...schema.$defs.Button, $defs: schema.$defs, required: ["name", ...fields] };
  const form = (only) => html`<${Form} schema=${plain} only=${only} values=${button} wrong=${here} onChange=${set} />`;
  return html`<div class="hy-stack" data-testid="menu-button">
    ${form(["name"])}
    <p class="soft">${t("menu.bytes", { n: new TextEncoder().encode(button.name).length, most })}</p>
    ${form(fields)}
    ${kept && html`<p class="soft">${t("menu.kept")}</p>`}
    ${parent && html`<p class="soft">${t("menu.parent")}</p>`}
    <div><${Button} label=${t("menu.drop")} icon="trash" look="quiet" id="menu-drop" onClick=${drop} /></div>
  </div>`;
}
