// An agent as another product takes it: what does not go along is read first.

import { html } from "preact";
import { download } from "../common/copy.js";
import { Dialog } from "../common/dialog.js";
import { Report } from "../common/report.js";
import { t } from "../common/texts.js";

export function Exported({ file, close }) {
  const save = () => (download(file.name, file.text), close());
  const does = { label: t("export.save"), icon: "download", id: "export-save", onClick: save };
  return html`
    <${Dialog} title=${t("agents.export_dify")} close=${close} does=${does} size="widest" id="exported-dialog">
      <${Report} report=${file.report} goes />
      </${Dialog}>
  `;
}
