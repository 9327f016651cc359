// Bytes as people read them.

export function sized(bytes) {
  const [n, unit] = bytes < 1000 ? [bytes, "B"] : bytes < 1e6 ? [bytes / 1000, "kB"] : [bytes / 1e6, "MB"];
  return `${n < 10 && unit !== "B" ? n.toFixed(1) : Math.round(n)} ${unit}`;
}
