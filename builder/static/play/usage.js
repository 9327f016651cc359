// One line under the chat: which model, how many tokens, how long, how much.

import { h } from "../common/dom.js";
import { lasting, t } from "../common/texts.js";

const YUAN_PER_DOLLAR = 7.1;

export function mount({ element, props, watch }) {
  const draw = () => {
    const usage = props.value;
    if (!usage?.models) return element.replaceChildren(h("p", { class: "faint hy-usage" }, t("usage.none")));
    if (!usage.over && !usage.models.length) {
      return element.replaceChildren(h("p", { class: "faint hy-usage" }, t("usage.running")));
    }
    const items = [
      ["model", usage.models.join("、") || t("usage.no_model")],
      ["tokens", `${usage.estimated ? "≈ " : ""}${usage.prompt_tokens} + ${usage.completion_tokens}`],
      ["first", usage.first_token_ms === null ? "—" : lasting(usage.first_token_ms)],
      ["total", lasting(usage.ms)],
      ["cost", price(usage)],
    ];
    element.replaceChildren(
      h(
        "dl",
        { class: "hy-usage" },
        items.map(([key, value]) =>
          h("div", { "data-testid": `usage-${key}` }, h("dt", {}, t(`usage.${key}`)), h("dd", {}, value))
        ),
      ),
    );
  };
  draw();
  watch("value", draw);
}

/** Dollars are what providers' price lists give; the yuan figure is about. */
function price({ cost, models }) {
  if (!models.length) return t("usage.free");
  if (cost === null) return t("usage.unknown");
  if (cost === 0) return t("usage.free");
  return t("usage.price", { dollars: round(cost), yuan: round(cost * YUAN_PER_DOLLAR) });
}

const round = (amount) => (amount === 0 ? "0" : amount < 0.01 ? amount.toFixed(5) : amount.toFixed(3));
