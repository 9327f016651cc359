// An agent that came from elsewhere: what it would do, where it sends what, and the secrets that it still needs.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button } from "../common/elements.js";
import { Powers } from "../common/powers.js";
import { blank, keep, SecretFields } from "../common/secrets.js";
import { told } from "../common/server.js";
import { listed, t } from "../common/texts.js";

export const askForForeign = (call, brought) => open(AskedDialog, { call, brought });

function AskedDialog({ call, brought: { id, secrets: asked, may }, close }) {
  const [allowed, setAllowed] = useState([]);
  const needed = call.may("set_secret") ? asked.filter((one) => !one.set) : []; // whoever may sets them later
  const [given, setGiven] = useState(() => Object.fromEntries(needed.map((one) => [one.name, blank(one)])));
  const [wrong, setWrong] = useState({});
  const where = ({ hosts }) => listed(hosts) || t("secrets.variable_host");
  const save = async () => {
    // Who gives it a secret lets it send that there.
    const filled = needed.filter(({ name }) => given[name].value).map(({ name }) => `secret:${name}@`);
    const meant = may.map(({ power }) => power).filter((one) => filled.some((start) => one.startsWith(start)));
    const powers = [...new Set([...allowed, ...meant])];
    if (powers.length && !told(await call("allow", { id, powers }))) return;
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
  return html`
    <${Dialog} title=${t(
      may.length ? "may.asked" : "secrets.asked",
    )} close=${close} footer=${footer} id="secrets-dialog">
      <div class="hy-stack" data-testid="secrets-asked">
          ${may.length > 0 && html`<p class="soft">${t("may.asked.hint")}</p>`}
          <${Powers} may=${may} allowed=${allowed} change=${setAllowed} />
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
