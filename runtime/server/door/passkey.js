// Asks the device for a passkey, and sends what it says with the form. Without it the form stays hidden.
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !globalThis.PublicKeyCredential) return;
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const options = JSON.parse(form.dataset.passkey);
  const asked = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const told = ({ id, rawId, type, response }) => ({
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  });
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const says = form.querySelector("[role=status]");
    says.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(told(await navigator.credentials.get({ publicKey: asked })));
      form.submit();
    } catch {
      says.textContent = form.dataset.failed;
    }
  });
})();
