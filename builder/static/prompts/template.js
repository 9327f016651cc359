// One prompt template: written in each language side by side, and what it makes of sample values.

import { html, useEffect, useMemo, useState } from "preact";
import { DeletedElsewhere } from "../common/deleted_elsewhere.js";
import { open } from "../common/dialog.js";
import { Button, Callout, Card, Head, Link, Pill } from "../common/elements.js";
import { followed, useLoad } from "../common/load.js";
import { Segments } from "../common/segments.js";
import { told } from "../common/server.js";
import { lang, listed, say, t } from "../common/texts.js";
import { BetterDialog } from "./better.js";
import { Blanks } from "./blanks.js";
import { Versions } from "./versions.js";
import { LANGUAGES, Writing } from "./writing.js";

const PAUSE = 400; // ms after a change
const BOTH = "both";

export function TemplatePage({ call, id }) {
  const more = html`<${Link} label=${t("prompts.title")} href="./prompts" />`;
  const { value, instead, again } = useLoad(call, "template", { id }, { more });
  return instead ?? html`<${Template} call=${followed(call, again)} found=${value} again=${again} />`;
}

/** Whoever may only look sees it as one that comes with the program. */
function Template({ call, found: seen, again }) {
  const looksOnly = !call.may("save");
  const found = looksOnly ? { ...seen, given: true } : seen;
  const [languages, setLanguages] = useState(found.languages);
  const [base, setBase] = useState(found); // what is saved
  const [samples, setSamples] = useState(found.samples);
  const [wrong, setWrong] = useState({});
  const [shown, setShown] = useState(Object.keys(found.languages).length > 1 ? BOTH : Object.keys(found.languages)[0]);
  const [isGone, setGone] = useState(false);
  const looked = useLooked(call, languages, samples);
  const isChanged = languages !== base.languages;
  useKept(call, found.id, samples, found.samples);
  const save = async () => {
    const answer = await call("save", { id: found.id, languages, revision: base.revision });
    setGone(answer.code === "DeletedElsewhere");
    setWrong(!answer.ok && answer.field ? { [answer.field]: say(answer.text) } : {});
    const saved = told(answer);
    if (!saved) return;
    setBase({ languages, revision: saved.revision });
    await again(); // who has it as it is now
  };
  useGuard(isChanged, save);
  const become = (code, part) => setLanguages({ ...languages, [code]: { ...languages[code], ...part } });
  const better = async (code) => {
    const text = await open(BetterDialog, { call, text: languages[code].text });
    if (text !== undefined) become(code, { text });
  };
  const codes = LANGUAGES.filter((code) => languages[code] && (shown === BOTH || shown === code));
  return html`
    <div class="hy-page hy-prompt-page">
      <${Bar} call=${call} found=${found} languages=${languages} isChanged=${isChanged} save=${save}
        become=${setLanguages} />
      ${isGone && html`<${Gone} call=${call} id=${found.id} languages=${languages} back=${save} />`}
      <${ReadOnly} looks=${looksOnly} given=${found.given} />
      <${Chooser} languages=${languages} given=${found.given} shown=${shown} setShown=${setShown}
        setLanguages=${setLanguages} />
      <div class="hy-prompt-both" data-n=${codes.length}>
        ${codes.map((code) =>
          html`
            <${Writing} key=${code} code=${code} one=${languages[code]} given=${found.given} wrong=${wrong}
              looked=${looked?.[code]} change=${(part) => become(code, part)} better=${() => void better(code)} />
          `
        )}
      </div>
      <${Blanks} languages=${languages} given=${found.given} looked=${looked} samples=${samples}
        setSamples=${setSamples} change=${setLanguages} />
      <${Users} found=${found} />
    </div>
  `;
}

/** Why nothing can be changed. */
function ReadOnly({ looks, given }) {
  if (looks) return html`<${Callout} title=${t("common.looks_only")} />`;
  return given && html`<${Callout} title=${t("prompts.given.title")} detail=${t("prompts.given.detail")} />`;
}

function Gone({ call, id, languages, back }) {
  const copy = async () => {
    const made = told(await call("keep_copy", { id, languages }));
    if (made) toPrompt(made.id);
  };
  return html`
    <${DeletedElsewhere} call=${call} kind="prompt" id=${id} back=${back}>
      <${Button} label=${t("build.copy")} id="prompt-keep-copy" onClick=${copy} />
      </${DeletedElsewhere}>
  `;
}

const toPrompt = (id) => location.assign(`./prompts?prompt=${encodeURIComponent(id)}`);

function Bar({ call, found, languages, isChanged, save, become }) {
  const title = (languages[lang] ?? Object.values(languages)[0]).title;
  const copy = async () => {
    const made = told(await call("copy", { id: found.id }));
    if (made) toPrompt(made.id);
  };
  const versions = async () => {
    const former = await open(Versions, { call, id: found.id, now: languages });
    if (former) become(former);
  };
  return html`<${Head} title=${title} hint=${!found.given && html`<code>${found.id}</code>`}>
    <${Link} label=${t("prompts.all")} href="./prompts" id="prompts-all" />
    ${
    found.given
      ? call.may("copy") && html`
        <${Button} label=${t("prompts.copy.edit")} look="primary" icon="copy" id="prompt-copy" onClick=${copy} />
      `
      : [
        html`<${Button} key="v" label=${t("prompts.versions")} icon="history" id="prompt-versions" onClick=${() =>
          void versions()} />`,
        html`
          <${Button} key="s" label=${t("common.save")} look="primary" icon="check" id="prompt-save"
            disabled=${!isChanged} onClick=${save} />
        `,
      ]
  }
  </${Head}>`;
}

/** Which languages are looked at; one that it is not written in can be begun. */
function Chooser({ languages, given, shown, setShown, setLanguages }) {
  const there = LANGUAGES.filter((code) => languages[code]);
  const options = there.map((id) => ({ id, label: t(`prompts.in.${id}`), testid: `in-${id}` }));
  if (there.length > 1) options.push({ id: BOTH, label: t("prompts.side_by_side"), testid: "in-both" });
  const begin = (code) => {
    setLanguages({ ...languages, [code]: { ...languages[there[0]] } });
    setShown(BOTH);
  };
  const end = (code) => {
    const { [code]: _, ...rest } = languages;
    setLanguages(rest);
    setShown(Object.keys(rest)[0]);
  };
  const missing = given ? [] : LANGUAGES.filter((code) => !languages[code]);
  return html`<div class="hy-row">
    <${Segments} label=${t("prompts.language")} options=${options} chosen=${shown} onChoose=${setShown} />
    ${
    missing.map((code) =>
      html`
        <${Button} key=${code} label=${t(`prompts.begin.${code}`)} icon="plus" look="quiet" id="begin-${code}"
          onClick=${() => begin(code)} />
      `
    )
  }
    ${
    !given && there.length > 1 && shown !== BOTH &&
    html`
      <${Button} label=${t(`prompts.end.${shown}`)} icon="trash" look="quiet" id="end-${shown}"
        onClick=${() => end(shown)} />
    `
  }
  </div>`;
}

function Users({ found }) {
  const { used_by: users, live, given } = found;
  if (given && !users.length) return null;
  const agent = ({ id, name, blocks }) =>
    html`<li key=${id}><a href="./build?agent=${encodeURIComponent(id)}">${name}</a>
      <span class="faint"> ${listed(blocks)}</span></li>`;
  const version = ({ place, agent: id, same }) =>
    html`<li key="${place} ${id}">${place} <${Pill} tone=${same ? "ok" : "warn"}>${
      t(same ? "prompts.live.same" : "prompts.live.former")
    }</${Pill}></li>`;
  return html`<${Card} title=${t("prompts.users")} hint=${t("prompts.users.hint")} data-testid="prompt-users">
    ${
    users.length
      ? html`<ul class="hy-list">${users.map(agent)}</ul>`
      : html`<p class="soft">${t("prompts.users.none")}</p>`
  }
    ${
    live.length > 0 && html`
      <h3>${t("prompts.live")}</h3>
      <ul class="hy-list">${live.map(version)}</ul>
    `
  }
  </${Card}>`;
}

/** What it makes of the samples, a moment after the last change; what it was meanwhile. */
function useLooked(call, languages, samples) {
  const [looked, setLooked] = useState(null);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(async () => {
      const answer = await call("look", { languages, samples }, { quiet: true });
      if (!over && answer.ok) setLooked(answer.value);
    }, looked ? PAUSE : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [languages, samples]);
  return looked;
}

/** The samples are kept by themselves. */
function useKept(call, id, samples, before) {
  useEffect(() => {
    if (samples === before || !call.may("keep_samples")) return;
    const timer = setTimeout(() => void call("keep_samples", { id, samples }, { quiet: true }), PAUSE);
    return () => clearTimeout(timer);
  }, [samples]);
}

/** Ctrl+S saves; what is not saved is not left by mistake. */
function useGuard(isChanged, save) {
  const latest = useMemo(() => ({ save, isChanged }), []);
  Object.assign(latest, { save, isChanged });
  useEffect(() => {
    const over = new AbortController();
    addEventListener("beforeunload", (event) => latest.isChanged && event.preventDefault(), over);
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
      event.preventDefault();
      if (latest.isChanged) void latest.save();
    }, over);
    return () => over.abort();
  }, []);
}
