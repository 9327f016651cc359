// Names that mean one model or another, by rules.

import { html, useState } from "preact";
import { open } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { RowsDialog } from "./rows.js";

/** `models`: those that there are; `again`: names came or went. */
export function RulesCard({ call, models, again: changed }) {
  const { value, again } = useLoad(call, "list_rules");
  const edit = async (route) => {
    if (await open(RowsDialog, rulesOf(call, route, models))) await Promise.all([again(), changed()]);
  };
  const remove = ({ id }) => gone(call, "remove_rules", { name: id }, () => Promise.all([again(), changed()]));
  const add = call.may("set_rules") &&
    html`<${Button} label=${t("rules.add")} icon="plus" id="add-rules" onClick=${() => void edit(null)} />`;
  return html`
    <${Card} title=${t("rules.title")} hint=${t("rules.hint")} aside=${add} data-testid="rules">
      <${Table}>${(value ?? []).map((one) =>
        html`<${Rules} key=${one.id} ...${{ call, route: one, edit, remove }} />`
      )}</${Table}>
      </${Card}>
  `;
}

function Rules({ call, route, edit, remove }) {
  const [text, setText] = useState("");
  const [said, setSaid] = useState(null);
  const attempt = async () => {
    const answer = await call("try_rules", { name: route.id, text });
    if (!answer.ok) return setSaid({ tone: "bad", title: say(answer.text) });
    const { rule, title, why, models } = answer.value;
    const name = rule ? title || t("rules.number", { rule }) : t("rows.rules.otherwise");
    setSaid({ tone: "ok", title: `${name} → ${models.join(", ")}`, detail: say(why) });
  };
  const actions = call.may("set_rules") && [
    html`<${Button} label=${t("common.edit")} id="edit-rules" onClick=${() => void edit(route)} />`,
    html`<${Button} icon="trash" look="quiet icon" title=${t("common.remove")} onClick=${() => remove(route)} />`,
  ];
  const below = call.may("try_rules") && html`<div class="hy-line-result hy-stack" aria-live="polite">
    <div class="hy-row"><div class="grow"><${Input} id="try-${route.id}" value=${text} onChange=${setText}
      onEnter=${attempt} placeholder=${t("rules.try.hint")} aria-label=${t("rules.try.hint")} /></div>
      <${Button} label=${t("rules.try")} id="try-rules" onClick=${attempt} /></div>
    ${said && html`<${Callout} ...${said} />`}</div>`;
  return html`
    <${Line} id="rules-${route.id}" ...${{ actions, below }}>
      <h3><code>${route.id}</code></h3>
      <p class="soft">${t("rules.count", { n: route.rules.length, models: route.otherwise.join(", ") })}</p>
      </${Line}>
  `;
}

/** What RowsDialog needs; `route`: null for a new one. */
function rulesOf(call, route, models) {
  const either = [["", t("rules.either")], ["yes", t("rules.yes")], ["no", t("rules.no")]];
  return {
    title: t("rules.title"),
    hint: t("rules.order", { models: models.slice(0, 6).join(", ") }),
    texts: "rules",
    above: route ? [["otherwise", "words"]] : [["id", "text"], ["otherwise", "words"]],
    whole: route ?? { id: "smart", otherwise: models.slice(0, 1) },
    columns: [
      ["title", "text"],
      ["models", "words"],
      ["words", "words"],
      ["intent", "text"],
      ["examples", "lines"],
      [
        "picture",
        "choice",
        either,
      ],
      ["longer", "number"],
      ["shorter", "number"],
      ["since", "text"],
      ["until", "text"],
      ["days", "words"],
      [
        "left",
        "number",
      ],
    ],
    rows: route?.rules ?? [],
    blank: {},
    save: (rules, whole) =>
      call("set_rules", {
        route: { id: route?.id, timezone: route?.timezone ?? "Asia/Shanghai", ...whole },
        rules,
        fresh: !route,
      }),
  };
}
