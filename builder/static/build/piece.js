// Running a piece of the flow: see actions/piece.py.

const SECONDS = 120; // that a turn may take where the agent says nothing
const MORE = 15; // for the way there and back

export function pieceOf(work) {
  const data = () => (work.editor.flush(), work.autosave.data);
  return {
    form: (block, on) => work.call("piece_form", { data: data(), block, on }, { quiet: true }),
    run: (block, on, values, text, run) => {
      const seconds = (data().limits?.seconds ?? SECONDS) + MORE;
      return work.call("run_piece", { data: data(), block, on, values, text, run }, { seconds });
    },
    stop: (run) => void work.call("stop_piece", { run }, { quiet: true }),
  };
}
