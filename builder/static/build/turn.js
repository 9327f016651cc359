// A turn of the playground, drawn on the flow: what it was, and the way back.

import { html } from "preact";
import { Button, Callout, Link } from "../common/elements.js";
import { href } from "../common/server.js";
import { lasting, t } from "../common/texts.js";
import { keptTurn, turnWanted } from "../common/turn_kept.js";

/** The turn that the address asks for, and its block. */
export function turnAsked(agent) {
  const block = turnWanted();
  const turn = block === null ? null : keptTurn(agent);
  return turn && { ...turn, block };
}

export function Turn({ work }) {
  const { turn } = work;
  if (!turn) return null;
  const end = turn.events.findLast(({ type }) => ["replied", "waited", "failed"].includes(type));
  const took = lasting(end?.ms ?? end?.at ?? 0);
  const title = t(turn.asked ? "build.turn" : "build.turn.unasked", { asked: turn.asked.slice(0, 80) });
  return html`
    <${Callout} tone="accent" title=${title} detail=${t("build.turn.hint", { took })}>
      <${Link} label=${t("build.turn.back")} href=${`${href("play")}#trace`} id="turn-back" />
      <${Button} label=${t("build.turn.close")} look="quiet" id="turn-close" onClick=${() => work.closeTurn()} />
      </${Callout}>
  `;
}
