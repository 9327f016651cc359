// An address that is given away, to copy, with a word beside it where only this machine can open it.

import { html } from "preact";
import { isLocal, outward } from "./address.js";
import { CopyField } from "./copy.js";
import { Callout, Link } from "./elements.js";
import { href } from "./server.js";
import { t } from "./texts.js";

/** `path`: from where the builder begins; `publicUrl`: "" where none is set. */
export function OutwardField({ path, publicUrl, id }) {
  const address = outward(path, publicUrl);
  return html`
    <${CopyField} value=${address} id=${id} />
    <${OnlyHere} address=${address} />
  `;
}

/** `here`: where to say another stands below it. */
export function OnlyHere({ address, here = false }) {
  if (!isLocal(address)) return null;
  return html`
    <${Callout} tone="warn" title=${t("outward.local.title")}
      detail=${t(here ? "outward.local.below" : "outward.local.hint")}>
      ${!here && html`<${Link} label=${t("outward.set")} href=${href("publish")} id="set-address" />`}
      </${Callout}>
  `;
}
