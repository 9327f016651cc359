// Who did something, as its record names them.

import { t } from "./texts.js";

const PARTS = { "owner": "who.owner", "command line": "who.command_line", "system": "who.system" };

/** The owner, the command line, the program; an account by its own name. */
export const who = (by) => (PARTS[by] ? t(PARTS[by]) : by);
