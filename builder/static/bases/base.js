// One base: its sources, questions to try, what nobody could answer, how well it finds.

import { html, useState } from "preact";
import { open } from "../common/dialog.js";
import { Button, Head, Link } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { Segments } from "../common/segments.js";
import { t } from "../common/texts.js";
import { Asking } from "./asking.js";
import { Measured } from "./measured.js";
import { SettingsDialog } from "./settings.js";
import { Sources } from "./sources.js";
import { Unanswered } from "./unanswered.js";

const TABS = { sources: Sources, ask: Asking, unanswered: Unanswered, measure: Measured };

export function Base({ call, page, id }) {
  const { value, instead, again } = useLoad(call, "base", { id });
  const [tab, setTab] = useState("sources");
  if (instead) return instead;
  const settings = async () =>
    (await open(SettingsDialog, { call, base: value.base, schema: value.schema })) && again();
  const tabs = Object.keys(TABS).filter((one) => one !== "unanswered" || call.may("unanswered"));
  const options = tabs.map((one) => ({ id: one, label: t(`base.tab.${one}`), testid: `tab-${one}` }));
  return html`
    <div class="hy-page">
      <${Head} title=${value.base.name} hint=${value.base.description || t("base.no_description")}>
        <${Link} label=${t("base.all")} icon="back" look="quiet" href="./bases" />
        ${call.may("save") && html`
          <${Button} label=${t("base.settings")} icon="settings" id="base-settings" onClick=${() => void settings()} />
        `}
        </${Head}>
        <${Segments} options=${options} chosen=${tab} onChoose=${setTab} label=${value.base.name} tabs />
        <${TABS[tab]} call=${call} page=${page} base=${value.base} files=${value.sources} again=${again} />
        </div>
  `;
}
