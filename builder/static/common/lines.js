// Answers that come line by line (builder/serving/lasting.py): how far the work is, at last what a click answers.

/** Whether it is such a one. */
export const isLong = (response) => response.headers.get("content-type")?.startsWith("application/x-ndjson");

/** Reads what came so far, once: `tell` hears how far the work is; returns the answer when it is there. */
export function reader(tell) {
  let from = 0;
  return (text) => {
    let answer = null;
    for (let end = text.indexOf("\n", from); end >= 0; end = text.indexOf("\n", from)) {
      const said = JSON.parse(text.slice(from, end));
      from = end + 1;
      if (said.working) tell(said.working);
      else answer = said;
    }
    return answer;
  };
}

/** The answer, of a response; `tell` as above. Without one, undefined. */
export async function answerOf(response, tell) {
  const stream = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = reader(tell);
  for (let text = "";;) {
    const { done, value } = await stream.read();
    if (done) return undefined;
    const answer = read(text += value);
    if (answer) return answer;
  }
}
