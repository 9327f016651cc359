// The test sets of an agent: its cases with what the newest runs came to; run, compared, changed.

import { html, useEffect, useState } from "preact";
import { open } from "../common/dialog.js";
import { Button, Callout, Card, Head, Link } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { Input, Select } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { opensNow } from "../common/opens.js";
import { PickAgent } from "../common/pick_agent.js";
import { Segments } from "../common/segments.js";
import { agentId, caller, href } from "../common/server.js";
import { show } from "../common/show.js";
import { Table } from "../common/table.js";
import { lang, say, t } from "../common/texts.js";
import { CaseLine } from "./case_line.js";
import { Runs, useRunning } from "./running.js";
import { shownRuns } from "./sides.js";
import { useSuite } from "./suite.js";
import { TalkDialog } from "./talk.js";

const MANY = 6; // cases from which a search helps
const GATES = ["off", "warn", "block"];

export function mount({ element, page }) {
  const call = caller(page);
  const id = agentId();
  show(id ? html`<${Opened} call=${call} id=${id} />` : html`<${PickAgent} call=${call} page="tests" />`, element);
}

function Opened({ call, id }) {
  const { value, instead, again } = useLoad(call, "overview", { id, lang }, { hint: t("tests.broken") });
  return instead ?? html`<${Tests} call=${call} id=${id} opened=${value} again=${again} />`;
}

function Tests({ call, id, opened, again }) {
  const suite = useSuite(call, id, opened);
  const running = useRunning(call, id, opened.running, again);
  const [chosen, setChosen] = useState(""); // a run
  const work = { call, id, opened, suite, running, again };
  const sides = shownRuns(opened.runs, running.now, chosen);
  useWanted(work);
  return html`
    <div class="hy-page">
      <${Head} title=${t("tests.title", { name: opened.agent.name })} hint=${t("tests.subtitle")}>
        ${opened.may.edit &&
          html`
            <${Button} label=${t("tests.new")} icon="plus" look=${suite.cases.length ? "" : "primary"} id="new-case"
              onClick=${() => void suite.edit(null)} />
          `}
        </${Head}>
        <${Notes} work=${work} />
        ${suite.cases.length > 0 && html`<${Runs} work=${work} chosen=${chosen} choose=${setChosen} />`}
        <${Cases} work=${work} sides=${sides} />
        ${suite.cases.length > 0 && html`<${Gate} work=${work} />`}
        <${Lists} known=${opened.known} />
      </div>
  `;
}

/** The case that the address names is opened; a real conversation that it names is looked through first. */
function useWanted({ call, suite, opened, again }) {
  useEffect(() => {
    const asked = new URLSearchParams(location.search);
    const seq = Number(asked.get("talk"));
    if (seq && opened.may.edit) {
      history.replaceState(null, "", href("tests"));
      void open(TalkDialog, { call, seq }).then((made) => made && again());
      return;
    }
    const wanted = asked.get("case");
    const found = suite.cases.find((one) => one.id === wanted);
    if (!found) return;
    history.replaceState(null, "", href("tests"));
    if (opened.may.edit) void suite.edit(found);
  }, []);
}

function Notes({ work: { opened, suite, running } }) {
  const { standing } = suite;
  const failing = standing.failing.length > 0;
  return [
    opened.draft && html`
      <${Callout} key="draft" tone="warn" title=${t("play.draft.title")} detail=${t("tests.draft.hint")}>
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Callout}>
    `,
    !standing.well && running.over && html`
      <${Callout} key="standing" tone=${failing ? "bad" : "warn"} title=${say(standing.says)}
        detail=${t(`tests.gate.${standing.gate}.hint`)} />
    `,
    standing.well && standing.all > 0 && !standing.failing.length && !standing.unknown.length && html`
      <${Callout} key="well" tone="ok" title=${t("tests.all_pass", { n: standing.all })} />
    `,
  ];
}

function Cases({ work, sides }) {
  const { suite, opened } = work;
  const [word, setWord] = useState("");
  const [which, setWhich] = useState("all");
  if (!suite.cases.length) {
    return html`
      <${Card}>
        <${Empty} of="tests">
          ${opened.may.edit &&
            html`
              <${Button} label=${t("tests.new")} look="primary" icon="plus" onClick=${() => void suite.edit(null)} />
            `}
          ${opensNow()("play") && html`<${Link} label=${t("tests.empty.play")} href=${href("play")} />`}
          </${Empty}>
          </${Card}>
    `;
  }
  const failed = (one) => sides.some((side) => side.cases[one.id]?.ok === false);
  const asked = word.trim().toLowerCase();
  const found = suite.cases.filter((one) =>
    JSON.stringify(one).toLowerCase().includes(asked) && (which === "all" || failed(one))
  );
  const options = ["all", "failed"].map((id) => ({ id, label: t(`tests.show.${id}`), testid: `show-${id}` }));
  return html`
    <${Card}>
      ${suite.cases.length >= MANY && html`
        <div class="hy-row apart hy-test-find">
          <${Input} kind="search" value=${word} onChange=${setWord} placeholder=${t("common.search")}
            aria-label=${t("common.search")} data-testid="find-case" />
          <${Segments} options=${options} chosen=${which} onChoose=${setWhich} label=${t("tests.show")} />
        </div>
      `}
      <h2 class="hy-offscreen">${t("nav.tests")}</h2>
      <${Table} data-testid="cases">${found.map((one) =>
        html`<${CaseLine} key=${one.id} work=${work} one=${one} sides=${sides} />`
      )}</${Table}>
      ${!found.length && html`<p class="soft">${t("tests.none_found")}</p>`}
      </${Card}>
  `;
}

/** What publishing does while a test fails. */
function Gate({ work: { suite, opened } }) {
  const options = GATES.map((gate) => [gate, t(`tests.gate.${gate}`)]);
  return html`
    <${Card} title=${t("tests.gate.title")} hint=${t(`tests.gate.${suite.gate}.hint`)}>
      <${Select} id="gate" value=${suite.gate} options=${options} disabled=${!opened.may.edit}
        aria-label=${t("tests.gate.title")} onChange=${(gate) => void suite.save({ gate })} />
      </${Card}>
  `;
}

/** What the fields of the forms suggest. */
function Lists({ known }) {
  const list = (id, values) =>
    html`<datalist id=${id}>${
      values.map(({ value, title }) => html`<option key=${value} value=${value}>${title}</option>`)
    }</datalist>`;
  const plain = (values) => values.map((value) => ({ value, title: value }));
  return [
    list("models-known", plain(known.models)),
    list("blocks-known", known.blocks),
    list("tools-known", plain(known.tools)),
    list("sources-known", plain(known.sources)),
  ];
}
