// Where an agent came from: what did not come along is told until somebody has read it.

import { html, useEffect, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Report } from "../common/report.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

export function Brought({ call, id }) {
  const [report, setReport] = useState(null);
  useEffect(() => {
    call("report", { id }).then((answer) => answer.ok && setReport(answer.value));
  }, []);
  if (!report) return null;
  const { product, counts } = report;
  const read = async () => {
    const answer = await call("drop_report", { id });
    if (answer.ok) setReport(null);
    else told(answer);
  };
  return html`
    <${Callout} tone=${counts.lost ? "warn" : "accent"} title=${t("import.from", { product })}
      detail=${t("import.counts", counts)}>
      <${Button} label=${t("import.report")} id="report-open" onClick=${() => open(Reported, { report })} />
      <${Button} label=${t("import.read")} id="report-read" onClick=${read} />
      </${Callout}>
  `;
}

const Reported = ({ report, close }) =>
  html`
    <${Dialog} title=${t("import.report")} close=${close} size="widest" id="report-dialog">
      <${Report} report=${report} />
      </${Dialog}>
  `;
