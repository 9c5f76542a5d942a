// What is kept in this browser, and when: nothing before the visitor's first message, or before the visitor
// agrees where the page asks for that. No cookies. Words of a conversation are not kept, only what is not sent.

const KEY = `openbook:${server.host}${server.pathname}:${wish.desk ?? ""}`;
const MOST_VERDICTS = 50;

let identity = wish.identity ?? "";
let memory = {};
let allowed = false;

// Whose browser this is by the page's word, so that the next person on it finds nothing of the last.
function subject() {
  try {
    const [, payload] = identity.split(".");
    return JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))).sub ?? "";
  } catch {
    return "";
  }
}

// What this browser remembers of this person; null for nothing.
function readKept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return found?.version === 1 && found.subject === subject() ? found : null;
  } catch {
    return null; // blocked, or not ours
  }
}

function write() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...memory, version: 1, subject: subject() }));
  } catch {
    allowed = false; // blocked or full: it works for the page's life
  }
}

// Takes over what another tab changed meanwhile; what is not there any more was forgotten, or is somebody else's now.
function reread() {
  if (!allowed) return;
  const found = readKept();
  if (found) memory = { ...memory, ...found };
  else allowed = false;
}

function keep(change) {
  reread();
  Object.assign(memory, change(memory));
  if (allowed) write();
}

function resume() {
  const found = readKept();
  if (!found) removeKept();
  if (!found || (wish.consent === "ask" && !found.agreed)) return;
  memory = found;
  allowed = true;
}

// The visitor did something that is meant to last, such as sending a message.
function allow({ agreed = false } = {}) {
  if (allowed || (wish.consent === "ask" && !agreed)) return;
  allowed = true;
  if (agreed) memory.agreed = true;
  write();
}

function removeKept() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // it was never there
  }
}

function forgetKept() {
  removeKept();
  memory = {};
  allowed = false;
}

const keepUnsent = (key, text) =>
  keep((kept) => ({ unsent: [...(kept.unsent ?? []).filter((each) => each.key !== key), { key, text }] }));

const dropUnsent = (key) => keep((kept) => ({ unsent: (kept.unsent ?? []).filter((each) => each.key !== key) }));

// Which answers helped, by the visitor's word.
function keepVerdict(id, helpful) {
  keep(({ verdicts = {} }) => {
    const known = Object.entries({ ...verdicts, [id]: helpful });
    return { verdicts: Object.fromEntries(known.slice(-MOST_VERDICTS)) };
  });
}

// What a message or a form is called, so that sending it twice sends it once; pages without TLS have no randomUUID.
function newKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
