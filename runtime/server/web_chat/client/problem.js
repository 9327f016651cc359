// What went wrong, as the server says it, and whether the same may go well later.

export class Problem extends Error {
  /** `status`: 0 when nobody answered; `again`: seconds after which the same may be tried once more, or null. */
  constructor(status, code = "", message = "", again = null) {
    super(message || code);
    this.status = status;
    this.code = code;
    this.message = message;
    this.again = again;
  }

  get passes() {
    return this.again !== null || this.status === 0 || this.status >= 500;
  }
}

/** The problem that a response tells of, whatever it is made of. */
export async function problemOf(response) {
  const said = await response.json().then(({ error }) => error, () => null);
  const again = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const { code = "", message = "" } = said ?? {};
  return new Problem(response.status, String(code), String(message), Number.isFinite(again) ? again : null);
}

const LONGEST = 30_000; // ms

/** Milliseconds before the next try after `tries` of them; never all clients at the same moment. */
export const pause = (world, tries) => Math.min(LONGEST, 1000 * 2 ** Math.min(tries, 6)) * (0.75 + world.random() / 2);

/** Seconds that the server asked to wait, or the pause of so many tries. */
export const patience = (world, problem, tries) =>
  problem.again !== null ? Math.min(problem.again, 600) * 1000 : pause(world, tries);
