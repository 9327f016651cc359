// Which roles ask for a second factor: that counts at once.

import { html } from "preact";
import { confirmed } from "../common/dialog.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

export function SecondRow({ call, roles, may, again, chosen }) {
  const second = async (role) => {
    const title = t("roles.second.title", { name: say(role.name) });
    if (!role.second && !await confirmed(title, t("roles.second.hint"), t("roles.second.ask"))) return;
    if (told(await call("ask_second", { id: role.id, required: !role.second }))) await again();
  };
  return html`
    <tr class="area apart"><th scope="row">${t("roles.second")}<span class="faint">${t(
      "roles.second.now",
    )}</span></th>${roles.map((role) =>
      html`<td key=${role.id} class=${role.id === chosen ? "on" : ""}>${
        !role.isNew && html`<label class="hy-tick"><input type="checkbox" checked=${role.second}
          data-testid="second-${role.id}" aria-label="${say(role.name)}: ${t("roles.second")}"
          disabled=${!(may.roles && role.may_give)}
          onClick=${(event) => (event.preventDefault(), void second(role))} /></label>`
      }</td>`
    )}</tr>
  `;
}
