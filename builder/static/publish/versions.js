// What is live, what was before, and taking it back.

import { html, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Card, More, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Form, isAsked, onEnter } from "../common/form.js";
import { told } from "../common/server.js";
import { wrongAt } from "../common/wrong_at.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";

const SHOWN = 3; // the newest; the one that is live always

export function Versions({ call, agent, channel, publication, again }) {
  const { id, changed } = publication;
  const publish = async () =>
    told(await call("go_live", { agent, channel: channel.name, given: {}, publication: id })) && again();
  const button = html`
    <${Button} label=${t("versions.again")} look=${changed ? "primary" : ""} icon="send"
      id="publish-again" onClick=${publish} />
  `;
  const isNear = ({ number }, n) => n < SHOWN || number === publication.version;
  const near = publication.versions.filter(isNear);
  const older = publication.versions.filter((one) => !near.includes(one));
  const table = (versions) =>
    html`
      <${Table}>${versions.map((one) =>
        html`<${Version} key=${one.number} call=${call} one=${one} publication=${publication} again=${again} />`
      )}</${Table}>
    `;
  return html`
    <${Card} title=${t("versions.title")} hint=${t(changed ? "versions.changed" : "versions.same")} aside=${button}>
      ${table(near)}
      ${older.length > 0 && html`<${More} title=${t("versions.older", { n: older.length })}>${table(older)}</${More}>`}
      </${Card}>
  `;
}

function Version({ call, one, publication, again }) {
  const { number, at, note } = one;
  const live = number === publication.version;
  const use = async () => {
    const title = t("versions.use.title", { number });
    if (!(await confirmed(title, t("versions.use.hint"), t("versions.use", { number })))) return;
    if (told(await call("use_version", { publication: publication.id, number }))) await again();
  };
  const roll = html`<${Button} label=${
    t(number > publication.version ? "versions.use" : "versions.roll", { number })
  } id="roll-back" onClick=${use} />`;
  return html`<${Line} id="version-${number}" actions=${!live && roll}>
    <div class="hy-row">
      <b>v${number}</b>
      ${live && html`<${Pill} tone="ok">${t("versions.live")}</${Pill}>`}
      <span class="faint">${ago(at)}</span>
    </div>
    ${note && html`<p class="soft">${note}</p>`}
  </${Line}>`;
}

/** Another token and key, or another secret: tried first, and no message is lost meanwhile. */
export function Rotate({ call, channel, publication, again }) {
  const [given, setGiven] = useState({});
  const [wrong, setWrong] = useState({});
  const known = { ...publication.settings, ...given };
  const secrets = channel.secrets.filter((name) => isAsked(channel.schema, name, known));
  const go = async (values) => {
    const answer = await call("rotate_it", { publication: publication.id, given: values });
    const { at, rest } = wrongAt(answer, secrets);
    setWrong(at);
    if ((answer.ok || rest) && told(answer)) setGiven({}), await again();
  };
  const clear = async (name, title) => {
    const sure = await confirmed(t("rotate.clear", { name: title }), t("rotate.clear.hint"), t("common.remove"));
    if (sure && told(await call("clear_secret", { publication: publication.id, name }))) await again();
  };
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  return html`
    <${Card} title=${t("rotate")} hint=${t("rotate.hint")}>
      <div class="hy-stack" onKeyDown=${onEnter("rotate")}>
        <${Form} schema=${channel.schema} only=${secrets} values=${known} wrong=${wrong}
          onChange=${(values, name) => setGiven({ ...given, [name]: values[name] })}
          placeholders=${Object.fromEntries(publication.secrets.map((name) => [name, t("publish.kept")]))} />
        <div class="hy-row">
          <${Button} label=${t("rotate.go")} id="rotate" disabled=${!Object.keys(filled).length}
            onClick=${() => go(filled)} />
          ${channel.suggests.some((name) => secrets.includes(name)) &&
            html`<${Button} label=${t("rotate.new")} look="quiet" icon="refresh" id="rotate-new" onClick=${() =>
              go({})} />`}
          ${publication.spared.map((name) => {
            const title = say(channel.schema.properties[name].labels) || name;
            return html`
              <${Button} key=${name} label=${t("rotate.clear", { name: title })} look="quiet" icon="trash"
                id="clear-${name}" onClick=${() => clear(name, title)} />
            `;
          })}
        </div>
      </div>
      </${Card}>
  `;
}

/** Messages are kept meanwhile; people may be told so. */
export function Pause({ call, publication, again }) {
  const [text, setText] = useState(publication.paused_text);
  const { id, paused } = publication;
  const go = async () => {
    const asked = paused ? call("resume_it", { publication: id }) : call("pause_it", { publication: id, text });
    if (told(await asked)) await again();
  };
  const field = html`
    <${Field} id="paused-text" label=${t("pause.text")} optional=${true} hint=${t("pause.text.hint")}>
      <${Input} id="paused-text" value=${text} placeholder=${t("pause.text.example")} onChange=${setText} />
      </${Field}>
  `;
  return html`
    <section class="hy-card hy-stack">
      <div class="hy-row apart">
        <div>
          <h3>${t(paused ? "pause.paused" : "pause")}</h3>
          <p class="soft">${t("pause.hint")}</p>
        </div>
        <${Button} label=${t(paused ? "resume" : "pause")} icon=${paused ? "play" : "pause"} id="pause" onClick=${go} />
      </div>
      ${!paused && field}
    </section>
  `;
}

export function TakeBack({ call, publication, again }) {
  const take = async () => {
    if (!(await confirmed(t("unpublish.title"), t("unpublish.hint"), t("unpublish")))) return;
    await gone(call, "take_back", { publication: publication.id }, again);
  };
  return html`
    <section class="hy-card hy-row apart">
      <div>
        <h3>${t("unpublish")}</h3>
        <p class="soft">${t("unpublish.short")}</p>
      </div>
      <${Button} label=${t("unpublish")} look="danger" id="unpublish" onClick=${take} />
    </section>
  `;
}
