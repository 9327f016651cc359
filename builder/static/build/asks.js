// What the flow editor asks the page for. What whoever is here may not do is false, and the editor does not offer it.

import { lang } from "../common/texts.js";
import { importTools } from "./import_tools.js";
import { pieceOf } from "./piece.js";
import { promptAsks } from "./prompt_asks.js";
import { beyond } from "./steps.js";

export function asksOf(work) {
  const { call, kinds } = work;
  return {
    onPreviewPrompt: (prompt) => work.preview(prompt),
    toolForm: (tool) => call("tool_form", { tool, variables: work.autosave.data.variables ?? [] }, { quiet: true }),
    tryTool: call.may("try_tool") && ((tool, given) => tryTool(work, tool, given)),
    tryBlock: call.may("try_block") && ((block, given) => tryBlock(work, block, given)),
    piece: call.may("run_piece") && pieceOf(work),
    takeBlocks: (blocks) => call("take_blocks", { blocks }, { quiet: true }),
    importTools: call.may("offered_tools") &&
      ((type, tools, single) => importTools(call, { kind: kinds[type], type, tools, single })),
    ...promptAsks(work),
    ...beyond(work),
  };
}

/** See actions/tool_trial.py. */
function tryTool({ call, autosave }, tool, given) {
  const { variables = [], timezone = "", holds = null } = autosave.data;
  return call("try_tool", { tool, arguments: given, variables, timezone, lang, holds });
}

/** See actions/block_trial.py. */
function tryBlock({ call, autosave }, block, given) {
  const { timezone = "" } = autosave.data;
  return call("try_block", { block, values: given, timezone, lang });
}
