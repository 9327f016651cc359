// Where an agent came from: what did not come along is told until somebody has read it, and can be read again.

import { html, useEffect, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Report } from "../common/report.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

/** `again`: only for who wants to read it once more. */
export function Brought({ work, again = false }) {
  const [report, setReport] = useState(null);
  const { call, id } = work;
  useEffect(() => {
    call("report", { id }).then((answer) => answer.ok && setReport(answer.value));
  }, []);
  if (!report || (report.read && !again)) return null;
  const { product, counts } = report;
  const read = async () => {
    const answer = await call("drop_report", { id });
    if (answer.ok) setReport({ ...report, read: true });
    else told(answer);
  };
  const show = () => open(Reported, { report, work });
  if (again) return html`<${Button} label=${t("import.report")} id="report-again" onClick=${show} />`;
  return html`
    <${Callout} tone=${counts.lost ? "warn" : "accent"} title=${t("import.from", { product })}
      detail=${t("import.counts", counts)}>
      <${Button} label=${t("import.report")} id="report-open" onClick=${show} />
      ${call.may("drop_report", id) && html`<${Button} label=${t("import.read")} id="report-read" onClick=${read} />`}
      </${Callout}>
  `;
}

function Reported({ report, work, close }) {
  const show = async (block) => {
    close();
    await work.go("flow");
    work.editor.select(block);
  };
  return html`
    <${Dialog} title=${t("import.report")} close=${close} size="widest" id="report-dialog">
      <${Report} report=${report} show=${show} />
      </${Dialog}>
  `;
}
