// Server-sent events, read from text that comes in pieces.

const LONGEST = 1024 * 1024; // characters of one event; what is longer is none of ours

class Events {
  constructor() {
    this.left = "";
    this.begin();
  }

  begin() {
    this.name = "message";
    this.lines = [];
    this.size = 0;
  }

  /**
   * @param {string} text
   * @returns {{name: string, data: string}[]} the events that it completes
   */
  push(text) {
    const found = [];
    const lines = (this.left + text).split(/\r\n|\n|\r(?!$)/); // a \r at the end may be half of \r\n
    this.left = lines.pop();
    if (this.left.length > LONGEST) throw new Error("an event without an end");
    for (const line of lines) {
      const event = this.line(line);
      if (event) found.push(event);
    }
    return found;
  }

  line(line) {
    if (line === "") return this.ended();
    if (line[0] === ":") return null; // somebody is there
    const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (field === "event") this.name = value;
    if (field === "data") {
      this.size += value.length;
      if (this.size > LONGEST) throw new Error("an event that is too long");
      this.lines.push(value);
    }
    return null;
  }

  ended() {
    const event = this.lines.length > 0 ? { name: this.name, data: this.lines.join("\n") } : null;
    this.begin();
    return event;
  }
}

module.exports = { Events };
