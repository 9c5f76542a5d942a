// Speaks to the server: the visitor's token, requests, streams, and when to try again.

const STREAM = "text/event-stream";
const SILENCE_SECONDS = 45; // the server says something every 15 seconds
const LONGEST_PAUSE_SECONDS = 30;

class Refusal extends Error {
  constructor(status, problem, wait) {
    super(problem.detail ?? `HTTP ${status}`);
    Object.assign(this, { status, problem, wait });
  }
}

async function refusalOf(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // something in between answered
  }
  return new Refusal(response.status, problem, Number(response.headers.get("Retry-After")) || 0);
}

async function call(path, { body, token, signal, headers = {}, keepalive = false } = {}) {
  const response = await fetch(new URL(path, server), {
    method: body ? "POST" : "GET",
    signal,
    keepalive,
    cache: "no-store",
    credentials: "omit",
    headers: {
      ...(body && { "Content-Type": "application/json" }),
      ...(token && { Authorization: `Visitor ${token}` }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw await refusalOf(response);
  const renewed = response.headers.get("X-Openbook-Visitor");
  if (renewed && token === memory.token) keep(() => ({ token: renewed }));
  return response;
}

// ------------------------------------------------------------------ visitor

let arriving = null;

async function arrive(told) {
  const response = await call("v1/visitors", { body: told ? { identity: told } : {} });
  const { visitor, conversation_id: last } = await response.json();
  keep(({ conversation }) => ({ token: visitor, conversation: conversation || last }));
  return visitor;
}

// A token; one that was refused is replaced once for all who wait for it.
function visitorToken(refused = "") {
  reread();
  if (memory.token && memory.token !== refused) return memory.token;
  arriving ??= arrive(identity)
    .catch((error) => {
      if (!identity || error.status === undefined || error.status >= 500 || error.status === 429) throw error;
      console.warn(`openbook: data-identity was not accepted: ${error.message} ${error.problem.fix ?? ""}`);
      return arrive("");
    })
    .finally(() => (arriving = null));
  return arriving;
}

async function asVisitor(path, options = {}) {
  const token = await visitorToken();
  try {
    return await call(path, { ...options, token });
  } catch (error) {
    if (error.status !== 401) throw error;
    return call(path, { ...options, token: await visitorToken(token) });
  }
}

const about = (path = "") => `v1/conversations/${encodeURIComponent(chat.conversation || "new")}${path}`;

// ------------------------------------------------------------------ streams

// The events of a response. What is silent for too long is taken for broken.
async function* eventsOf(response, abort) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const alarm = setTimeout(() => abort.abort(), SILENCE_SECONDS * 1000);
      const { done, value } = await reader.read().finally(() => clearTimeout(alarm));
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const line = (name) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
        if (line("event") && line("data")) {
          yield { name: line("event"), id: line("id"), data: JSON.parse(line("data")) };
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// ----------------------------------------------------------------- patience

const wakers = new Set();

// Waits, but not when the connection is back or the page is looked at again.
function pause(seconds) {
  return new Promise((go) => {
    const wake = () => {
      clearTimeout(timer);
      wakers.delete(wake);
      go();
    };
    const timer = setTimeout(wake, seconds * 1000);
    wakers.add(wake);
  });
}

const wakeAll = () => [...wakers].forEach((wake) => wake());

const backoff = (tries) => Math.min(LONGEST_PAUSE_SECONDS, 2 ** tries) * (0.75 + Math.random() / 2);

const isPassing = (error) => error.status === undefined || [408, 409, 425, 429, 502, 503, 504].includes(error.status);
