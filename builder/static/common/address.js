// Addresses that are given away, all by one rule: the public one, else the one under which this page is open.

import { at } from "./root.js";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** `path`: from where the builder begins; `publicUrl`: "" where none is set. */
export const outward = (path, publicUrl) =>
  publicUrl ? `${publicUrl.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}` : at(path.replace(/^\/+/, "") || ".");

/** Whether nobody but this machine can open an address. */
export function isLocal(address) {
  try {
    return LOOPBACK.test(new URL(address).hostname);
  } catch {
    return false;
  }
}

/** An address of ours that was made where nobody knew by which the page would be open. */
export function here(address) {
  if (!isLocal(address) || isLocal(location.href)) return address;
  const { pathname, search } = new URL(address);
  return at(pathname.slice(1) + search);
}
