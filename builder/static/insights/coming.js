// What is said while a page of the insights is not there yet: the first time, or since its connection broke.

import { html, render } from "preact";
import { t } from "../common/texts.js";

/** In the place of what is to come. */
export function showComing(state) {
  const says = state === "coming" || state === "slow";
  let place = document.getElementById("coming");
  document.body.classList.toggle("hy-comes", says);
  if (!says) return place?.remove();
  if (!place) {
    place = Object.assign(document.createElement("div"), { id: "coming", className: "hy hy-coming" });
    place.role = "status";
    place.dataset.testid = "coming";
    document.getElementById("root").before(place);
  }
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  render(html`<i></i><b>${t("coming.title")}</b>${state === "slow" && html`<span>${t("coming.slow")}</span>`}`, place);
}
