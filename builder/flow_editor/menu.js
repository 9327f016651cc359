/** The kit's menu, with tiles for blocks and tools. */

import { openMenu } from "../static/common/menu.js";
import { tile } from "./card.js";

/** Open one at an element: entries as openMenu takes them, and {kind} for one that has a tile. */
export const menu = (editor, anchor, title, entries) =>
  openMenu(anchor, title, entries.map(({ kind, ...rest }) => ({ ...rest, tile: kind && tile(kind) })), editor.root);
