// A phone's screen: what its keyboard leaves, and its way back.

import { useEffect, useState } from "preact";

const PHONE = "(max-width: 600px)";
const MARK = "hongyan-chat"; // of the step that the way back undoes

/** Whether there is so little room that the conversation takes all of it. */
export function usePhone() {
  const [is, setIs] = useState(matchMedia(PHONE).matches);
  useEffect(() => {
    const query = matchMedia(PHONE);
    const change = () => setIs(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return is;
}

/** `--height` of the page is what a keyboard leaves of it, where the browser does not say that in its own units. */
export function useHeight(on) {
  useEffect(() => {
    const view = window.visualViewport;
    if (!on || !view) return;
    const { style } = document.documentElement;
    const fit = () => style.setProperty("--hongyan-height", `${Math.round(view.height)}px`);
    fit();
    view.addEventListener("resize", fit);
    return () => {
      view.removeEventListener("resize", fit);
      style.removeProperty("--hongyan-height");
    };
  }, [on]);
}

/** The way back closes what covers the screen instead of leaving the page. */
export function useWayBack(on, close) {
  useEffect(() => {
    if (!on) return;
    history.pushState({ ...history.state, [MARK]: true }, "");
    const back = () => close();
    addEventListener("popstate", back);
    return () => {
      removeEventListener("popstate", back);
      if (history.state?.[MARK]) history.back();
    };
  }, [on]);
}
