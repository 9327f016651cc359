// What is proposed for the agent and not decided, drawn on its flow, which nobody edits meanwhile.

export const isDescribed = () => new URLSearchParams(location.search).has("describe");

/** Open the panel beside the flow, or close it; it is so after a reload, too. */
export async function describing(work, open) {
  work.panel.open = open;
  const here = new URL(location.href);
  if (open) here.searchParams.set("describe", "1");
  else here.searchParams.delete("describe");
  history.replaceState(history.state, "", here);
  await work.go("flow");
}

/** `proposed`: {flows, marks, starts}; null: the agent is as it is. */
export function show(work, proposed) {
  if (!proposed && !work.panel.proposed) return;
  work.editor.flush();
  work.panel.proposed = proposed;
  if (!proposed) work.panel.at = "";
  work.draw(); // the switch of beginnings, too
  if (drawProposed(work)) return;
  work.editor.update({ became: null, readonly: false });
  void work.loadFlow();
}

/** Whether there is something to draw. */
export function drawProposed(work) {
  if (!work.panel.proposed) return false;
  const { flows, marks } = work.panel.proposed;
  work.editor.update({ became: marks, readonly: true });
  work.editor.load(flows[shownFlow(work)] ?? []);
  return true;
}

/** Which of the flows that there would be is drawn. */
export function shownFlow({ panel, begun, starts }) {
  if (panel.at in panel.proposed.flows) return panel.at;
  const name = begun < 0 ? "flow" : `starts.${starts[begun]?.id}`;
  return name in panel.proposed.flows ? name : "flow";
}

export function lookAt(work, name) {
  work.panel.at = name;
  drawProposed(work);
  work.draw();
}
