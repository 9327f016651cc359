// The table of what each role allows. Those of one's own are ticked in it; arrow keys go from box to box.

import { html, useState } from "preact";
import { Button, Icon, Pill } from "../common/elements.js";
import { openMenu } from "../common/menu.js";
import { say, t } from "../common/texts.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** `roles`: as they would be; `was(id)`: what one allows by now; `put(role, ids, on)`; `entries(role)` of its menu. */
export function Matrix({ roles, permissions, was, may, put, entries, held, children }) {
  const [at, setAt] = useState("");
  const [shown, setShown] = useState("");
  const chosen = roles.some(({ id }) => id === shown) ? shown : roles[0].id;
  const rows = rowsOf(permissions);
  const isOpen = (role) => may.roles && role.own && role.may_give;
  const first = `0,${roles.findIndex(isOpen)}`;
  const here = find(at, rows, roles) ? at : first;
  const cell = (row, r) => (role, c) => {
    const place = `${r},${c}`;
    const tabindex = place === here ? 0 : -1;
    const props = { key: role.id, row, role, place, tabindex, was: was(role.id), put };
    return html`
      <td key=${role.id} class=${role.id === chosen ? "on" : ""}>${isOpen(role)
        ? html`
          <${Box} ...${props} />
        `
        : html`
          <${Fixed} row=${row} role=${role} />
        `}</td>
    `;
  };
  const walk = (event) => step(event, rows.length, roles.length);
  const place = ({ target }) => target.dataset?.cell && setAt(target.dataset.cell);
  return html`
    <label class="hy-role-shown"><span>${t("roles.shown")}</span><select class="hy-input" data-testid="role-shown"
      onChange=${({ target }) => setShown(target.value)}>${roles.map(({ id, name }) =>
        html`<option key=${id} value=${id} selected=${id === chosen}>${say(name)}</option>`
      )}</select></label>
    <div class="hy-matrix" tabindex="0" role="region" aria-label=${t("roles.title")}>
      <table role="grid" onKeyDown=${walk} onFocusIn=${place}>
        <thead>
          <tr><th scope="col">${t("people.may")}</th>${roles.map((role) =>
            html`
              <${RoleHead} key=${role.id} role=${role} chosen=${role.id === chosen} held=${held(role.id)}
                entries=${entries(role)} />
            `
          )}</tr>
        </thead>
        <tbody>${rows.map((row, r) =>
          html`<tr key=${row.id} class=${row.area ? "area" : ""}><th scope="row">${row.title}</th>${
            roles.map(cell(row, r))
          }</tr>`
        )}${children(chosen)}</tbody>
      </table>
    </div>
  `;
}

/** Each area, then its permissions: {id, title, ids, area}. */
export function rowsOf(permissions) {
  const areas = [...new Set(permissions.map(({ area }) => area))];
  return areas.flatMap((area) => {
    const own = permissions.filter((one) => one.area === area);
    const each = own.map(({ id, words, mine }) => ({ id, title: say(words), ids: mine ? [id] : [], all: [id], mine }));
    const ids = own.filter(({ mine }) => mine).map(({ id }) => id);
    const whole = { id: area, title: say(own[0].title), ids, all: own.map(({ id }) => id), mine: ids.length > 0 };
    return own.length > 1 ? [{ ...whole, area: true }, ...each] : each;
  });
}

const find = (at, rows, roles) => {
  const [row, column] = at.split(",").map(Number);
  return at && rows[row] && roles[column];
};

/** To the next box that way which can be ticked. */
function step(event, rows, columns) {
  const way = STEPS[event.key];
  const from = event.target.dataset?.cell?.split(",").map(Number);
  if (!way || !from) return;
  event.preventDefault();
  let [row, column] = [from[0] + way[0], from[1] + way[1]];
  for (; row >= 0 && column >= 0 && row < rows && column < columns; row += way[0], column += way[1]) {
    const box = event.currentTarget.querySelector(`[data-cell="${row},${column}"]:not(:disabled)`);
    if (box) return box.focus();
  }
}

/** One box, or all of an area; what is not saved is marked. */
function Box({ row, role, place, tabindex, was, put }) {
  const has = (ids) => row.all.filter((id) => ids.includes(id)).length;
  const [count, before] = [has(role.permissions), has(was)];
  const all = count === row.all.length;
  const mark = count > before ? "come" : count < before ? "gone" : "";
  const half = (box) => box && (box.indeterminate = count > 0 && !all);
  const said = mark && ` (${t(`roles.${mark}`)})`;
  return html`<label class="hy-tick ${mark}" title=${
    row.mine ? "" : t("roles.not_mine")
  }><input type="checkbox" ref=${half}
    data-cell=${place} data-testid="may-${role.id}-${row.id}" tabindex=${tabindex} checked=${all} disabled=${!row.mine}
    aria-label="${say(role.name)}: ${row.title}${said}" onChange=${() => put(role.id, row.ids, !all)} /></label>`;
}

function Fixed({ row, role }) {
  const count = row.all.filter((id) => role.permissions.includes(id)).length;
  if (row.area) return html`<span class="faint">${count} / ${row.all.length}</span>`;
  return html`${
    count > 0 ? html`<${Icon} name="check" size=${14} />` : html`<span class="none" aria-hidden="true">·</span>`
  }
    <span class="hy-offscreen">${t(count ? "roles.yes" : "roles.no")}</span>`;
}

function RoleHead({ role, chosen, held, entries }) {
  const name = say(role.name);
  const menu = ({ currentTarget }) => openMenu(currentTarget, name, entries);
  return html`<th scope="col" class=${chosen ? "on" : ""}><div class="hy-role" title=${name}><b>${name}</b>
    ${role.isNew && html`<${Pill} tone="accent">${t("roles.new")}</${Pill}>`}
    <span class="faint">${held ? t("roles.held", { n: held }) : t("roles.nobody")}</span></div>
    ${
    entries.length > 0 && html`
      <${Button} icon="more" look="quiet icon" id="role-menu-${role.id}" title="${name}: ${t(
        "nav.more",
      )}"
        aria-haspopup="menu"
        onClick=${menu} />
    `
  }</th>`;
}
