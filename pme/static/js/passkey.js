// Passkeys: <form data-passkey="make|use" data-options="{...}"> with a hidden field "answer".
// Enhancement only: without this file the page says so, and codes are the way.

const form = document.querySelector("[data-passkey]");
const wrong = form.querySelector("[data-wrong]");

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const listed = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

async function asked() {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (form.dataset.passkey === "use") {
    return navigator.credentials.get({ publicKey: { ...options, allowCredentials: listed(options.allowCredentials) } });
  }
  options.user.id = bytes(options.user.id);
  return navigator.credentials.create({ publicKey: { ...options, excludeCredentials: listed(options.excludeCredentials) } });
}

function answer(credential) {
  const said = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) said[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said,
    clientExtensionResults: {},
  });
}

if (window.PublicKeyCredential) {
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    wrong.hidden = true;
    try {
      form.elements.answer.value = answer(await asked());
      form.submit();
    } catch (error) {
      wrong.hidden = false;
      wrong.textContent = error.name === "InvalidStateError"
        ? "This device holds a passkey of yours already."
        : "No passkey was given. Try again, or use another way.";
    }
  });
}
