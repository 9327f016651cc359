// Bringing the program onto a server: what to type there.

import { callout, h } from "../common/dom.js";
import { copyButton } from "../common/overlay.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

/** A closed section that asks for the commands when it is opened; `draw` asks again, after a change of address. */
export function onServer(call) {
  const body = h("div", { class: "hy-stack" });
  const draw = async () => {
    const found = root.open && told(await call("on_server"));
    if (!found) return;
    const { example, files } = found;
    const unknown = callout("warn", t("server.domain", { example }), t("server.domain.hint"));
    body.replaceChildren(
      h("p", { class: "soft" }, t("server.hint")),
      ...(example ? [unknown] : []),
      ...Object.entries(files).map(card),
    );
  };
  const root = h(
    "details",
    { class: "hy-more", "data-testid": "server", ontoggle: draw },
    h("summary", {}, t("server.title")),
    body,
  );
  return { root, draw };
}

function card([file, steps]) {
  const lines = steps.join(" &&\n"); // one command: a password that sudo asks for does not swallow the rest
  return h(
    "section",
    { class: "hy-card", "data-testid": `server-${file}` },
    h(
      "header",
      {},
      h("div", {}, h("h2", {}, t(`server.${file}`)), h("p", {}, t(`server.${file}.hint`))),
      copyButton(() => lines, `copy-${file}`),
    ),
    h("pre", { class: "hy-pre", tabindex: "0" }, lines),
  );
}
