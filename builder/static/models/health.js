// Which models fail and which keys rest, and changing the keys of an endpoint.

import { html } from "preact";
import { confirmed } from "../common/dialog.js";
import { Callout, Pill } from "../common/elements.js";
import { listed, say, t } from "../common/texts.js";

/** What is wrong now, as far as this process knows; nothing when all is well. */
export function Health({ endpoint, unwell }) {
  const models = unwell.filter(({ model, state }) => model.startsWith(`${endpoint.name}/`) && state !== "closed");
  const keys = endpoint.keys.filter(({ rests }) => rests > 0);
  return [
    ...models.map((one) =>
      html`
        <${Callout} key=${one.model} tone="warn" title=${t(`health.${one.state}`, one)}
          detail=${say(one.why)} />
      `
    ),
    ...(endpoint.keys.length > 1 ? keys : []).map((one) =>
      html`<${Callout} key=${one.name} tone="warn" title=${t("health.key", one)} detail=${say(one.why)} />`
    ),
  ];
}

/** What RowsDialog needs for the keys of an endpoint. */
export const keysOf = (call, { name, keys }) => ({
  title: t("keys.of", { name }),
  hint: t("keys.hint"),
  texts: "keys",
  columns: [["name", "text"], ["api_key", "password", t("models.key.kept")], ["per_minute", "number"], [
    "tokens_per_minute",
    "number",
  ]],
  rows: keys,
  blank: { name: `key${keys.length + 1}` },
  save: async (rows) => {
    const gone = keys.filter((one) => !rows.some((row) => row.name === one.name)).map((one) => one.name);
    const title = t("models.remove.title", { name: listed(gone) });
    if (gone.length && !(await confirmed(title, t("keys.remove.hint"), t("common.remove")))) return null;
    return call("set_keys", { name, keys: rows });
  },
  say: (row) => row?.rests > 0 && html`<${Pill} tone="warn">${t("health.key", row)}</${Pill}>`,
});
