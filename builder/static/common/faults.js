// A mistake of ours in the browser: the click that it broke is said to have failed, like any other.

import { toast } from "./toast.js";
import { t } from "./texts.js";

const OURS = /\/static\/app\./;

export function tellFaults() {
  const tell = (error) => OURS.test(String(error?.stack)) && toast(t("error.page"), { tone: "bad" });
  addEventListener("error", (event) => tell(event.error));
  addEventListener("unhandledrejection", (event) => tell(event.reason));
}
