// What somebody is asked before anything of theirs goes to a model or is kept, and how that looks to them.

import { html } from "preact";
import { Form } from "../common/form.js";
import { t } from "../common/texts.js";

/** `partOf`: the schema of a part of one; `wrong`: by part, what is wrong. */
export function Consent({ work, wrong, partOf, Section }) {
  const { data } = work.autosave;
  const values = data.consent || {};
  return html`
    <${Section} name="consent">
      <div class="hy-stack">
        <${Form} schema=${partOf(work.opened.schema, "consent")} values=${values} wrong=${wrong.consent}
          onChange=${(consent) => work.change({ consent })} />
        ${values.asks &&
          html`<${Preview} values=${values} usual=${work.opened.consent} language=${data.language || "zh"} />`}
      </div>
      </${Section}>
  `;
}

function Preview({ values, usual, language }) {
  const said = (name) => usual[name][language];
  const policy = values.policy?.trim() ? said("policy").replace("{policy}", values.policy.trim()) : "";
  const asked = [values.text?.trim() || said("asked"), policy].filter(Boolean)
    .join("\n\n");
  const refused = values.refused?.trim() || said("refused");
  return html`
    <div class="hy-consent" role="group" aria-label=${t("consent.preview")}
      data-testid="consent-preview">
      <p class="soft">${t("consent.preview")}</p>
      <p class="bubble" data-testid="consent-asked">${asked}</p>
      <ul class="choices">${["yes", "no"].map((name) => html`<li key=${name}>${said(name)}</li>`)}</ul>
      ${[["yes", said("thanks")], ["no", refused]].map(([name, text]) =>
        html`
          <div key=${name}>
            <p class="bubble mine">${said(name)}</p>
            <p class="bubble">${text}</p>
          </div>
        `
      )}
    </div>
  `;
}
