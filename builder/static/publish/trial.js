// What all versions have in common that are tried beside the one for everybody, whoever hears them.

import { html } from "preact";
import { Card } from "../common/elements.js";
import { Field, Select } from "../common/field.js";
import { useFocusStays } from "../common/focus_stays.js";
import { ago, say, t } from "../common/texts.js";

/** `now`: what runs, and then `running` is drawn; else `beginning`, and how the `last` one ended. */
export function Trial({ id, title, hint, now, running, beginning, last }) {
  const root = useFocusStays(now?.version);
  return html`
    <div ref=${root}>
      <${Card} title=${title} hint=${hint}>
        <div class="hy-stack" data-testid=${id}>${now ? running : [beginning, last]}</div>
        </${Card}>
        </div>
  `;
}

/** The agent as it is saved now, or one that was published. `value`: its number, "0" for the former. */
export function Which({ id, publication, value, onChange }) {
  const others = publication.versions.filter((one) => one.number !== publication.version);
  const options = [["0", t("canary.draft")], ...others.map(({ number }) => [String(number), `v${number}`])];
  return html`
    <${Field} id="${id}-version" label=${t("canary.version")}>
      <${Select} id="${id}-version" value=${value} options=${options} onChange=${onChange} />
      </${Field}>
  `;
}

/** That it is over, when and why. */
export const Over = ({ id, version, at, why }) =>
  html`
    <p class="soft" data-testid="${id}-last">${t("canary.last", { version, ago: ago(at), why: say(why) })}</p>
  `;
