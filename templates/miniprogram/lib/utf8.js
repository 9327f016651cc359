// Bytes as they come, cut anywhere, as text. Not every phone's base library has a TextDecoder.

const WRONG = 0xfffd;
const AT_ONCE = 4096; // code units that String.fromCharCode takes as arguments

class Utf8 {
  constructor() {
    this.begin(0, 0);
  }

  /** What of a character is missing, as the WHATWG's decoder counts it. */
  begin(needed, point, lowest = 0x80, highest = 0xbf) {
    this.needed = needed;
    this.point = point;
    this.lowest = lowest;
    this.highest = highest;
  }

  /**
   * The text that these bytes complete. A character that is cut waits for its rest.
   * @param {ArrayBuffer} buffer
   * @returns {string}
   */
  push(buffer) {
    const bytes = new Uint8Array(buffer);
    const points = [];
    for (let i = 0; i < bytes.length; i++) {
      if (!this.take(bytes[i], points)) i--; // it ended what was cut, and begins anew
    }
    return text(points);
  }

  /** What is left of a character that never came whole. */
  end() {
    const cut = this.needed > 0;
    this.begin(0, 0);
    return cut ? String.fromCharCode(WRONG) : "";
  }

  take(byte, points) {
    if (this.needed === 0) {
      this.first(byte, points);
      return true;
    }
    if (byte < this.lowest || byte > this.highest) {
      this.begin(0, 0);
      points.push(WRONG);
      return false;
    }
    this.begin(this.needed - 1, (this.point << 6) | (byte & 0x3f));
    if (this.needed === 0) points.push(this.point);
    return true;
  }

  first(byte, points) {
    if (byte < 0x80) points.push(byte);
    else if (byte >= 0xc2 && byte <= 0xdf) this.begin(1, byte & 0x1f);
    else if (byte >= 0xe0 && byte <= 0xef) {
      this.begin(2, byte & 0xf, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.begin(3, byte & 0x7, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
    } else points.push(WRONG);
  }
}

function text(points) {
  const units = [];
  for (const point of points) {
    if (point < 0x10000) units.push(point);
    else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
  }
  let said = "";
  for (let i = 0; i < units.length; i += AT_ONCE) {
    said += String.fromCharCode.apply(null, units.slice(i, i + AT_ONCE));
  }
  return said;
}

module.exports = { Utf8 };
