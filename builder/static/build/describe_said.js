// One exchange with the describer, as text, and what it cost.

import { html } from "preact";
import { money, say } from "../common/texts.js";

export function Said({ one, doing = "" }) {
  return html`
    <div class="hy-describe-mine">${one.asked}</div>
    <div class="hy-describe-said" data-testid="describe-said">
      ${one.answer}
      ${doing && html`<span class="hy-describe-doing" role="status">${doing}</span>`}
      ${one.failure && html`<span class="wrong" role="alert">${say(one.failure)}</span>`}
      ${one.usage && html`<span class="faint">${cost(one.usage)}</span>`}
    </div>
  `;
}

function cost({ models, prompt_tokens, completion_tokens, cost: dollars }) {
  const tokens = prompt_tokens + completion_tokens;
  return [models.join(", "), tokens && `${tokens} token`, money(dollars)].filter(Boolean).join(" · ");
}
