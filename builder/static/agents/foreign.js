// An agent that came from elsewhere: what it would do, where it sends what, and the secrets that it still needs.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Powers } from "../common/powers.js";
import { blank, keep, SecretFields } from "../common/secrets.js";
import { told } from "../common/server.js";
import { listed, t } from "../common/texts.js";

export const askForForeign = (call, brought) => open(AskedDialog, { call, brought });

function AskedDialog({ call, brought: { id, secrets: asked, may }, close }) {
  const [allowed, setAllowed] = useState([]);
  const needed = asked.filter((one) => !one.set);
  const [given, setGiven] = useState(() => Object.fromEntries(needed.map((one) => [one.name, blank(one)])));
  const [wrong, setWrong] = useState({});
  const where = ({ hosts }) => listed(hosts) || t("secrets.variable_host");
  const save = async () => {
    if (allowed.length && !told(await call("allow", { id, powers: allowed }))) return;
    for (const { name } of needed) {
      const refused = await keep(call, given[name]);
      if (refused) return setWrong({ [name]: refused });
    }
    close();
  };
  const footer = [
    html`<${Button} label=${t("secrets.later")} onClick=${() => close()} />`,
    (needed.length > 0 || may.length > 0) &&
    html`<${Button} label=${t("common.save")} look="primary" id="secrets-save" onClick=${save} />`,
  ];
  const known = (one) => t("secrets.will_send", { name: one.name, hosts: where(one) });
  return html`
    <${Dialog} title=${t(
      may.length ? "may.asked" : "secrets.asked",
    )} close=${close} footer=${footer} id="secrets-dialog">
      <div class="hy-stack" data-testid="secrets-asked">
          ${may.length > 0 && html`<p class="soft">${t("may.asked.hint")}</p>`}
          <${Powers} may=${may} allowed=${allowed} change=${setAllowed} />
          ${asked.filter((one) => one.set).map((one) =>
            html`<${Callout} key=${one.name} tone="warn" title=${known(one)} detail=${t("secrets.will_send.hint")} />`
          )}
          ${needed.map((one) =>
            html`
              <section key=${one.name}>
                <h3>${t("secrets.needs", { name: one.name, hosts: where(one) })}</h3>
                <${SecretFields} secret=${one} given=${given[one.name]} wrong=${wrong[one.name]}
                  change=${(now) => setGiven({ ...given, [one.name]: now })} />
              </section>
            `
          )}
        </div>
      </${Dialog}>
  `;
}
