// What sees, hears, speaks and draws for agents that name no model of their own.

import { html, useState } from "preact";
import { Button, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

const FIELDS = ["seeing", "hearing", "speaking", "voice", "drawing"];

/** `usual`: what is chosen, by field; `models`: those that are set up, as `name/model`. */
export function UsualCard({ call, usual, models }) {
  const [given, setGiven] = useState(usual);
  const [wrong, setWrong] = useState({});
  const save = async () => {
    const answer = await call("make_usual", given);
    setWrong(answer.field ? { [answer.field]: say(answer.text) } : {});
    if (!answer.field) told(answer);
  };
  const field = (name) =>
    html`
      <${Field} key=${name} id="usual-${name}" label=${t(`models.${name}`)} hint=${t(`models.${name}.hint`)} optional
        wrong=${wrong[name]}>
        <${Input} id="usual-${name}" value=${given[name]} wrong=${wrong[name]} placeholder=${t(
          `models.${name}.example`,
        )}
          disabled=${!call.may("make_usual")} list=${name === "voice"
            ? undefined
            : "usual-models"} aria-describedby="usual-${name}-hint"
          onChange=${(value) => setGiven({ ...given, [name]: value.trim() })} onEnter=${save} />
        </${Field}>
    `;
  return html`
    <${Card} title=${t("models.usual")} hint=${t("models.usual.hint")} data-testid="usual">
      <div class="hy-stack">
        <div class="hy-form two">${FIELDS.map(field)}</div>
        <datalist id="usual-models">${models.map((model) =>
          html`
            <option key=${model} value=${model} />
          `
        )}</datalist>
        ${call.may("make_usual") &&
          html`
            <div>
              <${Button} label=${t("common.save")} id="usual-save" onClick=${save} />
            </div>
          `}
      </div>
      </${Card}>
  `;
}
