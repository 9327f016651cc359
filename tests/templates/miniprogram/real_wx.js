// wx over the network that there is, for a server on this machine.

/** @param {{codes: string[], sockets: boolean}} given `codes`: what wx.login gives, one after the other */
export function realWx({ codes, sockets }) {
  const storage = new Map();
  return {
    canIUse: () => true,
    login: ({ success }) => success({ code: codes.shift() }),
    getStorageSync: (key) => storage.get(key) ?? "",
    setStorageSync: (key, value) => storage.set(key, value),
    removeStorageSync: (key) => storage.delete(key),
    request: (asked) => requested(asked),
    connectSocket: (asked) => (sockets ? connected(asked) : refused()),
    downloadFile: ({ url, header, success, fail }) =>
      fetch(url, { headers: header }).then(
        async (got) =>
          success({ statusCode: got.status, tempFilePath: [...new Uint8Array(await got.arrayBuffer())].join(" ") }),
        fail,
      ),
  };
}

function requested({ url, method, header, data, enableChunked, success, fail }) {
  const task = {
    listener: () => {},
    onChunkReceived: (listener) => task.listener = listener,
    abort: () => end.abort(),
  };
  const end = new AbortController();
  const run = async () => {
    const got = await fetch(url, { method, headers: header, body: data, signal: end.signal });
    if (enableChunked && got.ok) {
      for await (const bytes of got.body) {
        for (const byte of bytes) task.listener({ data: new Uint8Array([byte]).buffer });
      }
      return success({ statusCode: got.status, data: "", header: Object.fromEntries(got.headers) });
    }
    success({ statusCode: got.status, data: await got.text(), header: Object.fromEntries(got.headers) });
  };
  run().catch((wrong) => fail({ errMsg: `request:fail ${wrong}` }));
  return task;
}

function connected({ url, protocols }) {
  const socket = new WebSocket(url, protocols);
  return {
    onOpen: (listener) => socket.onopen = listener,
    onMessage: (listener) => socket.onmessage = ({ data }) => listener({ data }),
    onError: (listener) => socket.onerror = () => listener({ errMsg: "connectSocket:fail" }),
    onClose: (listener) => socket.onclose = ({ code }) => listener({ code }),
    close: () => socket.close(),
    send: ({ data }) => socket.send(data),
  };
}

function refused() {
  const task = { onOpen() {}, onMessage() {}, onClose() {}, close() {}, send() {} };
  return { ...task, onError: (listener) => queueMicrotask(() => listener({ errMsg: "connectSocket:fail" })) };
}
