// Over a chat that answers beside others: who answers in it, what that took, and whether it is the better one.

import { html, useEffect, useState } from "preact";
import { Button, More, Pill } from "../common/elements.js";
import { Select } from "../common/field.js";
import { agentId, caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { moment, say, t } from "../common/texts.js";
import { change, compare, isOld, open, restore, shared, useShared, widen } from "./chat_state.js";
import { Fork } from "./fork.js";
import { Trace } from "./trace.js";
import { Used } from "./usage.js";

const MOST = 4;

export function mount({ element, page, props, watch }) {
  if (!agentId()) return element.replaceChildren();
  show(html`<${Head} call=${caller(page)} place=${props.place} props=${props} watch=${watch} />`, element);
}

const put = (place, part) =>
  change({ columns: shared().columns.map((one, i) => (i === place ? { ...one, ...part } : one)) });

function Head({ call, place, props, watch }) {
  const { columns, runs, choices, titles } = useShared();
  const [shown, setShown] = useState(/** @type {Record<string, any>} */ ({}));
  useEffect(() => {
    const see = () => {
      if (isOld(props.shown)) return;
      setShown((before) => ({ ...before, ...props.shown }));
      if (props.shown?.tip) put(place, { tip: props.shown.tip });
    };
    watch("shown", see);
    see(); // what came before this column was there
  }, []);
  useEffect(() => {
    if (columns.length && !choices) void offer(call);
  }, [columns.length]);
  const one = columns[place];
  if (!one) return null;
  const choose = async () => {
    if (told(await call("choose", { id: agentId(), chat: shared().chat, turn: one.tip }))) open(shared().chat, one.tip);
  };
  const differ = columns.some(({ tip }) => tip !== one.tip) || shown.chosen;
  const ready = shown.usage?.over && one.tip && one.tip !== "start" && differ;
  const chosen = Boolean(shown.chosen);
  return html`
    <div class="hy-column-head" data-testid="column-${place}">
      <${Who} one=${one} place=${place} columns=${columns} runs=${runs} choices=${choices} />
      ${(shown.forks ?? []).map((fork) =>
        html`<${Fork} key=${fork.number} fork=${fork} runs=${runs} go=${(
          end,
        ) => (put(place, { tip: end }), restore())} />`
      )}
      <${Used} call=${call} usage=${shown.usage} part />
      ${ready && html`
        <div class="hy-row">
          <${Button} icon="check" label=${t(chosen ? "columns.chosen" : "columns.choose")} look=${chosen ? "done" : ""}
            id="choose-${place}" disabled=${runs} onClick=${choose} />
        </div>
      `}
      ${shown.events?.length > 0 && html`
        <${More} title=${t("play.trace")} data-testid="column-trace-${place}">
          <${Trace} events=${shown.events} titles=${titles ?? {}} />
          </${More}>
      `}
    </div>
  `;
}

/** Which version and model answers there. */
function Who({ one, place, columns, runs, choices }) {
  const remove = () => {
    const left = columns.toSpliced(place, 1);
    const last = left.length < 2;
    change({ columns: last ? [] : left, kept: false, compared: true });
    open(shared().chat, last ? left[0].tip : "");
  };
  const set = (part) => {
    const next = { ...one, ...part };
    compare(columns.with(place, { ...next, name: named(next, choices) }));
  };
  return html`
    <div class="hy-row">
      <${Pill} tone="accent">${place + 1}</${Pill}>
      <${Select} id="column-version-${place}" value=${one.version} options=${choices?.versions ?? NOW()}
        aria-label=${t("columns.version")} onChange=${(version) => set({ version })} />
      <${Select} id="column-model-${place}" value=${one.model} options=${choices?.models ?? OWN()}
        aria-label=${t("columns.model")} onChange=${(model) => set({ model })} />
      <${Button} icon="close" look="quiet icon" title=${t("columns.remove")} id="column-remove-${place}"
        disabled=${runs} onClick=${remove} />
      ${place === columns.length - 1 && columns.length < MOST &&
        html`
          <${Button} icon="plus" look="quiet icon" title=${t("columns.add")} id="column-add" disabled=${runs}
            onClick=${widen} />
        `}
    </div>
  `;
}

const NOW = () => [["", t("columns.now")]];
const OWN = () => [["", t("columns.own")]];

/** Which versions and models there are to choose from. */
async function offer(call) {
  change({ choices: { versions: NOW(), models: OWN() } });
  const [versions, models] = await Promise.all([call("versions", { id: agentId() }), call("models")]);
  change({
    choices: {
      versions: [...NOW(), ...(versions.value ?? []).map((one) => [one.key, titled(one)])],
      models: [...OWN(), ...(models.value ?? []).map((name) => [name, name])],
    },
  });
}

const titled = ({ kind, number, where, note, at }) =>
  [kind === "published" ? `v${number} ${say(where)}` : moment(at), note].filter(Boolean).join(" · ");

const named = ({ version, model }, choices) =>
  [version && choices?.versions.find(([key]) => key === version)?.[1], model].filter(Boolean).join(" · ");
