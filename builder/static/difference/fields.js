// Settings that changed, as a table: before and after; texts by their words.

import { html } from "preact";
import { say, t } from "../common/texts.js";
import { Words } from "./words.js";

/** `fields`: [{path, before, after, pieces}]; `titled(path)`: what a person calls it. */
export function Fields({ fields, titled }) {
  const row = ({ path, before, after, pieces }) => {
    const both = pieces.length > 0 && before && after;
    return html`<tr key=${path.join(".")}>
      <th scope="row">${titled(path)}</th>
      ${
      both
        ? html`
          <td colspan="2">
            <${Words} pieces=${pieces} />
          </td>
        `
        : html`
          <td>
            <${Value} value=${before} gone />
          </td>
          <td>
            <${Value} value=${after} />
          </td>
        `
    }
    </tr>`;
  };
  return html`
    <table class="hy-fields">
      <thead>
        <tr>
          <th scope="col">${t("difference.setting")}</th>
          <th scope="col">${t("difference.before")}</th>
          <th scope="col">${t("difference.after")}</th>
        </tr>
      </thead>
      <tbody>${fields.map(row)}</tbody>
    </table>
  `;
}

/** `plain`: neither gone nor new. */
export function Value({ value, gone = false, plain = false }) {
  const text = spoken(value);
  if (text === "") return html`<span class="faint">${t("difference.nothing")}</span>`;
  if (plain) return html`<span>${text}</span>`;
  return gone ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}

function spoken(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return t(value ? "difference.yes" : "difference.no");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A setting of a block by its title in the catalog; what is inside of it by its own name. */
export function fieldTitles(catalog, type) {
  return (path) => {
    let fields = catalog.blocks[type]?.fields ?? [];
    const names = path.filter((name, i) => !(i === 1 && path[0] === "prompt" && name === "text")).map((name) => {
      const field = fields.find((one) => one.name === name) ?? (fields.length ? null : toolField(catalog, name));
      fields = field?.fields ?? (field ? [] : fields);
      return (field && say(field.title)) || name;
    });
    return names.join(" › ");
  };
}

const toolField = (catalog, name) =>
  Object.values(catalog.tools).flatMap((tool) => tool.fields).find((field) => field.name === name);
