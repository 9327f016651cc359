// Questions of real conversations for which nothing was found, each with a way to answer it from now on.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";

export function Unanswered({ call, base, again: reload }) {
  const { value, instead, again } = useLoad(call, "unanswered", { base: base.id }, { part: true });
  const answer = async (question) => {
    if (await open(AnswerDialog, { call, base, question })) await Promise.all([again(), reload()]);
  };
  const add = call.may("learn") && html`
    <${Button} label=${t("unanswered.new")} icon="plus" id="new-answer" onClick=${() => void answer("")} />
  `;
  const line = ({ question, times, at }) => {
    const button = call.may("learn") &&
      html`<${Button} label=${t("unanswered.answer")} id="answer" onClick=${() => void answer(question)} />`;
    return html`
      <${Line} key=${question} id="unanswered" actions=${button}>
        <div class="hy-row"><b>${question}</b>${times > 1 &&
          html`<${Pill}>${t("unanswered.times", { n: times })}</${Pill}>`}</div>
        <p class="faint">${ago(at)}</p>
        </${Line}>
    `;
  };
  return html`
    <${Card} title=${t("unanswered.title")} hint=${t("unanswered.hint")} aside=${add}>
      ${instead ||
        (value.length ? html`<${Table}>${value.map(line)}</${Table}>` : html`<${Calm} of="unanswered" />`)}
      </${Card}>
  `;
}

function AnswerDialog({ call, base, question, close }) {
  const [given, setGiven] = useState({ question, answer: "" });
  const [wrong, setWrong] = useState({});
  const save = async () => {
    const said = await call("learn", { base: base.id, ...given });
    if (!said.ok && said.field) return setWrong({ [said.field]: say(said.text) });
    if (told(said)) close(true);
  };
  const field = (name, rows, words) =>
    html`
      <${Field} id="learn-${name}" label=${t(words)} hint=${t(`${words}.hint`)} wrong=${wrong[name]}>
        <${Input} id="learn-${name}" rows=${rows} value=${given[name]} wrong=${wrong[name]}
          autofocus=${(name === "answer") === Boolean(question)}
          onChange=${(value) => setGiven({ ...given, [name]: value })} />
        </${Field}>
    `;
  const does = { label: t("common.save"), id: "learn", onClick: save };
  return html`
    <${Dialog} title=${t("unanswered.answer")} close=${close} does=${does} id="answer-dialog">
      <div class="hy-stack">${field("question", 2, "unanswered.question")}${field(
        "answer",
        5,
        "unanswered.answer_text",
      )}</div>
      </${Dialog}>
  `;
}
