// A visitor's voice, where the browser lets a page hear it.

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const LONGEST = 60_000; // ms
const DEAF = /MicroMessenger/i; // an app's own browser, which has the API and lets no page hear

export const canRecord = () =>
  Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder && !DEAF.test(navigator.userAgent));

/** Begins; {stop(): the Blob, null for none; cancel()}. Raises what the browser says when it may not. */
export async function record(over) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType, audioBitsPerSecond: 32_000 } : {});
  const parts = [];
  recorder.ondataavailable = ({ data }) => data.size && parts.push(data);
  const ended = new Promise((done) => recorder.onstop = done);
  recorder.start();
  const timer = setTimeout(over, LONGEST);
  const stop = async () => {
    clearTimeout(timer);
    if (recorder.state !== "inactive") recorder.stop();
    await ended;
    stream.getTracks().forEach((track) => track.stop());
    return parts.length ? new Blob(parts, { type: recorder.mimeType.split(";")[0] }) : null;
  };
  return { stop, cancel: stop };
}
