// Whether what people write is encrypted in the database, and how far what was there already came.

import { html, useEffect, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

const LOOK = 2000;

export function Encryption({ call, value, again }) {
  const [now, setNow] = useState(value);
  useEffect(() => setNow(value), [value]);
  useEffect(() => {
    if (!now.working) return;
    const timer = setTimeout(async () => {
      const found = told(await call("encryption", {}));
      if (found !== undefined) setNow(found);
      if (found && !found.working) await again();
    }, LOOK);
    return () => clearTimeout(timer);
  }, [now]);
  const turn = async () => {
    const on = !now.encrypted;
    const sure = on || await confirmed(
      t("privacy.encryption.sure"),
      t("privacy.encryption.sure.hint"),
      t("privacy.encryption.switch_off"),
    );
    if (sure && told(await call("encrypt", { on })) !== undefined) await again();
  };
  return html`
    <${Card} title=${t("privacy.encryption")} hint=${t("privacy.encryption.hint")} data-testid="encryption">
      <div class="hy-row">
        <${Pill} tone=${now.encrypted ? "ok" : ""}>
          ${t(now.encrypted ? "privacy.encryption.on" : "privacy.encryption.off")}</${Pill}>
        ${call.may("encrypt") && html`
          <${Button} id="encrypt" onClick=${turn}
            label=${t(now.encrypted ? "privacy.encryption.switch_off" : "privacy.encryption.switch_on")} />
        `}
        ${now.working &&
          html`
            <span class="faint" role="status">
              ${now.done < now.of
                ? t("privacy.encryption.working", { done: now.done, of: now.of })
                : t("privacy.encryption.nearly")}</span>
          `}
      </div>
    </${Card}>
  `;
}
