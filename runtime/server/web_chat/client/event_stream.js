// Server-sent events from bytes that may be cut anywhere. https://html.spec.whatwg.org/#event-stream-interpretation

const LONGEST = 4_000_000; // characters without an end of an event

/** Yields {event, data} for each. Raises Error for one that never ends. */
export async function* events(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const parts = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = parts.pop();
      for (const part of parts) {
        const found = read(part);
        if (found) yield found;
      }
      if (done) return;
      if (rest.length > LONGEST) throw new Error("an event that does not end");
    }
  } finally {
    reader.cancel().catch(() => null);
  }
}

function read(part) {
  let event = "message";
  const data = [];
  for (const line of part.split(/\r\n|\n|\r/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "event") event = value;
    if (name === "data") data.push(value);
  }
  return data.length ? { event, data: data.join("\n") } : null;
}
