// The verifier in one file: what a QR code says, against the keys and the revocations that stand in this page.
// The rules are those of pme/credentials/compact.py; a test gives both the same cases.
"use strict";
const KNOWN = JSON.parse(document.getElementById("data").textContent);
const WORDS = {
  en: {
    other: "Français", title: "Is this certificate true?", label: "Text of the QR code, as a scanner or a telephone read it",
    lead: "Give what its QR code says. Nothing leaves this computer: this page holds the public keys of the academies and needs no network.",
    hint: "It begins with https:// and goes on after a # sign.", file: "Or a photo of the code, or a credential (.jwt)",
    ask: "Verify", known: "What this page knows", made: "Public keys and revocations as of {0}, of:", demo: "DEMO, no real academy",
    ends: "A certificate that was revoked after that day still shows as valid here. With a network, open the address in the code.",
    valid: "Valid as of {0}", altered: "Altered", revoked: "Revoked as of {0}", expired: "No longer valid", unknown: "Unknown issuer", unreadable: "Not readable",
    says_valid: "The academy signed this, and had not revoked it by that day. Compare each line with the paper in your hands.",
    says_altered: "This is not what the academy signed: the text of the code was changed. Do not rely on the certificate.",
    says_moved: "The address in this code leads to another certificate than the one that was signed. Do not rely on it.",
    says_revoked: "The academy signed this and has revoked it: it is no longer valid.",
    says_expired: "The academy signed this. It was valid until {0}: that day is over.",
    says_unknown: "The key that signed this is not in this page, so nothing can be said of it. It calls itself {0}.",
    says_taken: "The academy revoked the key that signed this, on {0}. Ask the academy.",
    says_late: "This says it was issued after its key was retired, on {0}. Do not rely on it; ask the academy.",
    says_short: "This is not the whole text of a certificate's QR code. Scan the code again, nearer and in good light, and give all that it says.",
    says_shape: "The code holds something other than what this platform writes into one.",
    says_photo: "No QR code could be read in this picture. Take it again: nearer, straight, in good light, the whole code with its white border.",
    says_pdf: "This page reads QR codes and .jwt credentials. Scan the code on the certificate, or run pme verify with the file.",
    says_json: "This page cannot check a credential in JSON: to compare it, its text has to be brought into one form, which takes a program far larger than this page. Take the .jwt that the certificate’s page offers beside the JSON, or scan the code on the certificate, or run pme verify with the file.",
    says_empty: "This file is empty. Choose another one.",
    says_large: "This file is larger than a photo or a credential needs to be. Choose a smaller one.",
    says_demo: "DEMO: the academy only shows how the platform works. This is not a real certificate.",
    fields: ["Number", "Holder", "Rank", "Course", "Version of the course", "Result", "Issued on", "Valid until", "Academy"], none: "no end",
  },
  fr: {
    other: "English", title: "Ce certificat est-il authentique ?", label: "Texte du code QR, tel qu’un lecteur ou un téléphone l’a lu",
    lead: "Donnez ce que dit son code QR. Rien ne quitte cet ordinateur : cette page contient les clés publiques des académies et se passe de réseau.",
    hint: "Il commence par https:// et se poursuit après un signe #.", file: "Ou une photo du code, ou une attestation (.jwt)",
    ask: "Vérifier", known: "Ce que cette page connaît", made: "Clés publiques et révocations au {0}, de :", demo: "DÉMO, pas une vraie académie",
    ends: "Un certificat révoqué après cette date paraît encore valable ici. Avec un réseau, ouvrez l’adresse contenue dans le code.",
    valid: "Valable au {0}", altered: "Altéré", revoked: "Révoqué au {0}", expired: "N’est plus valable", unknown: "Émetteur inconnu", unreadable: "Illisible",
    says_valid: "L’académie a signé ceci et ne l’avait pas révoqué à cette date. Comparez chaque ligne avec le papier que vous avez en main.",
    says_altered: "Ce n’est pas ce que l’académie a signé : le texte du code a été modifié. Ne vous fiez pas au certificat.",
    says_moved: "L’adresse contenue dans ce code mène à un autre certificat que celui qui a été signé. Ne vous y fiez pas.",
    says_revoked: "L’académie a signé ceci puis l’a révoqué : il n’est plus valable.",
    says_expired: "L’académie a signé ceci. Il était valable jusqu’au {0} : ce jour est passé.",
    says_unknown: "La clé qui a signé ceci n’est pas dans cette page ; on ne peut rien en dire. Elle se nomme {0}.",
    says_taken: "L’académie a révoqué le {0} la clé qui a signé ceci. Adressez-vous à l’académie.",
    says_late: "Ceci indique une délivrance postérieure au retrait de la clé, le {0}. Ne vous y fiez pas ; adressez-vous à l’académie.",
    says_short: "Ce n’est pas le texte entier du code QR d’un certificat. Lisez le code de nouveau, de plus près et avec une bonne lumière, et donnez tout ce qu’il dit.",
    says_shape: "Le code contient autre chose que ce que cette plateforme y écrit.",
    says_photo: "Aucun code QR n’a pu être lu dans cette image. Reprenez-la : de plus près, droite, avec une bonne lumière, le code entier avec son bord blanc.",
    says_pdf: "Cette page lit les codes QR et les attestations .jwt. Lisez le code imprimé sur le certificat, ou lancez pme verify avec le fichier.",
    says_json: "Cette page ne peut pas vérifier une attestation en JSON : pour la comparer, il faut ramener son texte à une forme unique, ce qui demande un programme bien plus grand que cette page. Prenez le .jwt que la page du certificat propose à côté du JSON, lisez le code imprimé sur le certificat, ou lancez pme verify avec le fichier.",
    says_empty: "Ce fichier est vide. Choisissez-en un autre.",
    says_large: "Ce fichier est plus grand qu’une photo ou une attestation n’a besoin de l’être. Choisissez-en un plus petit.",
    says_demo: "DÉMO : l’académie montre seulement comment la plateforme fonctionne. Ce n’est pas un vrai certificat.",
    fields: ["Numéro", "Titulaire", "Grade", "Cours", "Version du cours", "Résultat", "Délivré le", "Valable jusqu’au", "Académie"], none: "sans fin",
  },
};
const GOOD = new Set(["valid"]), LARGEST = 30e6, LONGEST = 3000;
let language = (navigator.language || "").startsWith("fr") ? "fr" : "en";
let last = null;

const put = (text, ...values) => values.reduce((said, value, at) => said.replace(`{${at}}`, value), text);
const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.valueOf()) && day.toISOString().slice(0, 10) === text;
}

async function isSigned(key, signature, message) {
  try {
    const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, message);
  } catch { // a browser that does not know Ed25519 yet
    return vendored_ed25519.verifyAsync(signature, message, key, { zip215: false });
  }
}

function keyOf(method) {
  const did = method.split("#")[0];
  const issuer = KNOWN.issuers.find((each) => each.did === did);
  const key = issuer?.keys.find((each) => each.id === method);
  return key ? { issuer, key } : null;
}

function standing(found, fields, today) {
  const { issuer, key } = found;
  const told = { fields, issuer };
  if (key.revoked) return { state: "unknown", says: ["says_taken", key.revoked] };
  if (key.retired && fields[8] > key.retired) return { state: "unknown", says: ["says_late", key.retired] };
  if (issuer.withdrawn.some(([list, place]) => list === fields[10] && place === fields[11])) return { ...told, state: "revoked", says: ["says_revoked"] };
  if (fields[9] && fields[9] < today) return { ...told, state: "expired", says: ["says_expired", fields[9]] };
  return { ...told, state: "valid", says: ["says_valid"] };
}

async function ofCode(given, today) {
  const text = given.replace(/\s+/g, "").slice(0, LONGEST + 1);
  const at = text.lastIndexOf("#"), address = at < 0 ? "" : text.slice(0, at);
  const parts = /^pme1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/.exec(text.slice(at + 1));
  const unreadable = { state: "unreadable", says: ["says_short"] };
  if (!parts) return unreadable;
  let fields, signature;
  try {
    const payload = bytesOf(parts[1]);
    signature = bytesOf(parts[2]);
    if (textOf(payload) !== parts[1] || textOf(signature) !== parts[2]) return unreadable;
    fields = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch { return unreadable; }
  const kinds = ["string", "string", "string", "string", "string", "string", "string", "number", "string", "string", "number", "number"];
  if (!Array.isArray(fields) || fields.length !== kinds.length || fields.some((value, place) => typeof value !== kinds[place])
    || !isDay(fields[8]) || (fields[9] && !isDay(fields[9]))) return { state: "unreadable", says: ["says_shape"] };
  if (address && address.split(/[?]/)[0].split("/").pop() !== fields[1]) return { state: "altered", says: ["says_moved"] };
  const found = keyOf(fields[0]);
  if (!found) return { state: "unknown", says: ["says_unknown", fields[0].slice(0, 120)] };
  const isGood = await isSigned(bytesOf(found.key.public), signature, new TextEncoder().encode(`pme1.${parts[1]}`));
  return isGood ? standing(found, fields, today) : { state: "altered", says: ["says_altered"] };
}

async function ofToken(token, today) {
  const parts = token.trim().split(".");
  let header, claims;
  try {
    [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(part))));
    if (parts.length !== 3 || header.alg !== "EdDSA" || typeof header.kid !== "string") throw new Error("no token");
  } catch { return { state: "unreadable", says: ["says_shape"] }; }
  const found = keyOf(header.kid);
  if (!found || claims.iss !== found.issuer.did) return { state: "unknown", says: ["says_unknown", header.kid.slice(0, 120)] };
  let isGood = false;
  try { isGood = await isSigned(bytesOf(found.key.public), bytesOf(parts[2]), new TextEncoder().encode(`${parts[0]}.${parts[1]}`)); } catch { /* no signature at all */ }
  if (!isGood) return { state: "altered", says: ["says_altered"] };
  const subject = claims.credentialSubject ?? {}, achievement = subject.achievement ?? {};
  const named = (kind) => (subject.identifier ?? []).find((each) => each.identityType === kind)?.identityHash ?? "";
  const place = claims.credentialStatus ?? {};
  const list = Number(String(place.statusListCredential ?? "").split("/").pop());
  return standing(found, [header.kid, "", subject.licenseNumber, named("name"), named("ext:rank"), achievement.name, achievement.version ?? "",
    Number(subject.result?.[0]?.value), String(claims.awardedDate ?? claims.validFrom).slice(0, 10), String(claims.validUntil ?? "").slice(0, 10), list, Number(place.statusListIndex)], today);
}

async function ofPicture(file) {
  const picture = await createImageBitmap(file);
  for (const most of [1600, 900, 2800]) {
    const scale = Math.min(1, most / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try { return vendored_qr.decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)); } catch { /* another size may show it */ }
  }
  return "";
}

function add(parent, name, text, kind) {
  const made = parent.appendChild(document.createElement(name));
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function show(answer) {
  last = answer;
  const words = WORDS[language], place = document.getElementById("answer");
  place.replaceChildren();
  const box = add(place, "div", undefined, `answer ${GOOD.has(answer.state) ? "good" : "bad"}`);
  add(box, "h2", put(words[answer.state], KNOWN.asOf));
  if (answer.issuer?.isDemo) add(box, "p", words.says_demo);
  add(box, "p", put(words[answer.says[0]], ...answer.says.slice(1)));
  if (!answer.fields) return;
  const [, , number, holder, rank, course, version, percent, issued, ends] = answer.fields;
  const values = [number, holder, rank, course, version, `${percent} %`, issued, ends || words.none, answer.issuer.name];
  const list = add(box, "dl");
  values.forEach((value, at) => { if (value) { add(list, "dt", words.fields[at]); add(list, "dd", value); } });
}

function speak() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = words.title;
  for (const each of document.querySelectorAll("[data-says]")) each.textContent = words[each.dataset.says];
  const button = document.getElementById("language");
  button.textContent = words.other;
  button.lang = language === "en" ? "fr" : "en";
  document.getElementById("made").textContent = put(words.made, KNOWN.asOf);
  const list = document.getElementById("issuers");
  list.replaceChildren();
  for (const issuer of KNOWN.issuers) add(list, "li", `${issuer.name}${issuer.isDemo ? ` (${words.demo})` : ""}: ${issuer.keys.map((key) => `${key.id.split("#")[1]} ${key.fingerprint}`).join("; ")}`);
  if (last) show(last);
}

async function verify(event) {
  event.preventDefault();
  const today = new Date().toISOString().slice(0, 10);
  const field = document.getElementById("text"), file = document.getElementById("file").files[0];
  let text = field.value.trim();
  if (!text && file) {
    if (!file.size) return show({ state: "unreadable", says: ["says_empty"] });
    if (file.size > LARGEST) return show({ state: "unreadable", says: ["says_large"] });
    if (file.type.startsWith("image/")) {
      text = await ofPicture(file).catch(() => "");
      if (!text) return show({ state: "unreadable", says: ["says_photo"] });
    } else if (/json/.test(file.type)) text = "{";
    else if (/pdf|zip/.test(file.type) || file.size > 1e6) return show({ state: "unreadable", says: ["says_pdf"] });
    else text = (await file.text()).trim();
  }
  if (text.startsWith("{")) return show({ state: "unreadable", says: ["says_json"] });
  show(await (text.startsWith("eyJ") ? ofToken(text, today) : ofCode(text, today)));
}

document.getElementById("form").addEventListener("submit", verify);
document.getElementById("file").addEventListener("change", () => { document.getElementById("text").value = ""; });
document.getElementById("language").addEventListener("click", () => { language = language === "en" ? "fr" : "en"; speak(); });
speak();
