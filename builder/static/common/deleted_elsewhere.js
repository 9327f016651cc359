// What stands here was deleted elsewhere: it can be had back, or what is written be kept beside it.

import { html } from "preact";
import { Button, Callout } from "./elements.js";
import { told } from "./server.js";
import { t } from "./texts.js";

/** `kind`: as "recently deleted" calls it; `back()`: it is there again; `children`: how a copy is made. */
export function DeletedElsewhere({ call, kind, id, back, children }) {
  const restore = async () => {
    if (told(await call("bring_back", { kind, id }))) await back();
  };
  return html`
    <${Callout} tone="warn" title=${t(`deleted.elsewhere.${kind}`)} detail=${t("deleted.elsewhere.hint")}>
      <${Button} label=${t("deleted.elsewhere.back")} look="primary" icon="undo" id="bring-back" onClick=${restore} />
      ${children}
      </${Callout}>
  `;
}
