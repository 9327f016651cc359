// The kit's pages, compiled and run by Tencent's own simulator: https://www.npmjs.com/package/miniprogram-simulate
// on a phone, a server and a clock that are played. One stage at a time: they are the globals of an app.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Clock } from "./clock.js";
import { KIT, required } from "./kit_world.js";
import { PlayedPhone } from "./played_phone.js";
import { PlayedServer } from "./played_server.js";

const npm = createRequire(new URL("../../../.venv/npm/package.json", import.meta.url));
const { parseHTML } = npm("linkedom");
const ROOT = fileURLToPath(KIT).replace(/\/$/, "");
const OWN = ["HTMLElement", "Element", "Node", "Event", "CustomEvent", "Text", "DocumentFragment"];

const { window } = parseHTML("<!doctype html><html><head></head><body></body></html>");
Object.assign(globalThis, { window: globalThis, global: globalThis, document: window.document });
for (const name of OWN) globalThis[name] = window[name];
const simulate = npm("miniprogram-simulate");
const [, exparser] = ["j-component", "miniprogram-exparser"].reduce(
  ([from], name) => [createRequire(from.resolve(name)), from(name)],
  [createRequire(npm.resolve("miniprogram-simulate"))],
);
const GOES_UP = { bubbles: true, capturePhase: true, composed: true, extraFields: {} };

/** What else of wx the pages use, and what they did with it. */
function shown(did, answers) {
  const say = (name, then = () => {}) => (given = {}) => {
    did.push([name, given]);
    then(given);
  };
  const recorder = {
    onStart: (one) => recorder.started = one,
    onStop: (one) => recorder.stopped = one,
    onError: (one) => recorder.wrong = one,
    start: () => recorder.started(),
    stop: () => recorder.stopped({ tempFilePath: "tmp/v.mp3", duration: 1500, fileSize: 300 }),
  };
  return {
    getAppBaseInfo: () => ({ language: answers.language }),
    onNetworkStatusChange: (listener) => answers.network = listener,
    onNeedPrivacyAuthorization: (listener) => answers.privacy = listener,
    requestSubscribeMessage: say("subscribe", ({ tmplIds, success }) => success({ [tmplIds[0]]: "accept" })),
    openPrivacyContract: say("openPrivacyContract"),
    setNavigationBarTitle: say("title"),
    showToast: say("toast"),
    showModal: say("modal", ({ success }) => success({ confirm: answers.confirm })),
    setClipboardData: say("copy", ({ success }) => success()),
    showActionSheet: say("sheet", ({ success }) => success({ tapIndex: answers.tap })),
    chooseMedia: say("media", ({ success }) => success({ tempFiles: answers.media })),
    chooseMessageFile: say("files", ({ success }) => success({ tempFiles: answers.files })),
    getFileSystemManager: () => ({ readFile: ({ success }) => success({ data: new Uint8Array([1, 2]).buffer }) }),
    getRecorderManager: () => recorder,
    downloadFile: (
      { url, success },
    ) => (did.push(["download", url]), success({ statusCode: 200, tempFilePath: "tmp/a" })),
    previewImage: say("preview"),
    openDocument: say("document"),
    createInnerAudioContext: () => ({ onEnded() {}, onError() {}, destroy: say("silent"), play: say("play") }),
    reLaunch: say("reLaunch"),
  };
}

/** The app as it is opened, and its page. */
export async function staged(
  { page = "pages/chat/chat", about = {}, language = "zh_CN", how = {}, template = "" } = {},
) {
  const clock = new Clock();
  const server = new PlayedServer(clock);
  const phone = new PlayedPhone(clock, server, how);
  server.about = { ...server.about, ...about };
  const did = [];
  const answers = { language, confirm: true, tap: 0, media: [], files: [] };
  globalThis.setTimeout = (run, milliseconds = 0) => clock.after(milliseconds, run);
  globalThis.clearTimeout = (cancel) => cancel && cancel();
  Date.now = () => clock.now();
  globalThis.wx = { ...phone.wx, ...shown(did, answers) };
  let app;
  globalThis.App = (given) => app = given;
  globalThis.getApp = () => app;
  const file = required.resolve("./app.js");
  delete required.cache[file];
  required(file);
  app.onLaunch();
  app.config = { ...app.config, template };
  app.onShow();
  const component = simulate.render(simulate.load(`${ROOT}/${page}`, { rootPath: ROOT }));
  const parent = document.createElement("div");
  component.attach(parent);
  await clock.pass(1000);
  return new Stage({ clock, server, phone, did, answers, app, component, parent });
}

class Stage {
  constructor(parts) {
    Object.assign(this, parts);
  }

  get html() {
    return this.component.dom.outerHTML.replace(/\b(?:main|answer|composer|privacy|reason)--/g, "");
  }

  get words() {
    return this.component.dom.textContent;
  }

  /** The names of what was done with the phone, of one kind. */
  told(name) {
    return this.did.filter(([one]) => one === name).map(([, given]) => given);
  }

  /** All elements of that class, in whatever component. */
  all(name) {
    const found = [...this.component.dom.querySelectorAll("*")];
    return found.filter((one) =>
      (one.getAttribute("class") || "").split(" ").some((its) => its.split("--")[1] === name)
    );
  }

  /** As a finger does: nothing is waited for. */
  touch(name, { at = 0, event = "tap", detail = {} } = {}) {
    const found = typeof name === "string" ? this.all(name)[at] : name;
    if (!found) throw new Error(`no .${name} ${at} in ${this.html}`);
    exparser.Event.dispatchEvent(found.__wxElement, exparser.Event.create(event, detail, GOES_UP));
  }

  async tap(name, at = 0) {
    this.touch(name, { at });
    await this.clock.pass(100);
  }

  /** What is typed, as the page hears it. */
  async write(text, name = "input") {
    this.touch(name, { event: "input", detail: { value: text } });
    await this.clock.pass(0);
  }
}
