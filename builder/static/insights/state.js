// How far a page of the insights is, by what Streamlit says of its connection.

const CALM = 1500; // milliseconds in which nothing is said: it is there in less
const LONG = 8000; // after which it is said why

/**
 * "": there is nothing to say; "coming", "slow": it is on its way; "cut": it is being connected again; "ended": it is not.
 * `now`, `was`: Streamlit's connection at this look and the one before; `drawn`: there is a page to see; `waited`: ms.
 */
export function stateOf({ now, was, drawn, online, waited }) {
  if (now === "DISCONNECTED_FOREVER") return "ended";
  if (!online) return "cut";
  // not for one that is back within a moment, nor for one that was never there
  if (drawn) return now === "CONNECTED" || now === "INITIAL" || was === "CONNECTED" ? "" : "cut";
  if (waited < CALM) return "";
  return waited < LONG ? "coming" : "slow";
}
