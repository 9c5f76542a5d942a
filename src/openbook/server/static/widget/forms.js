// The forms: an address where nobody is here, the visitor's details, and whether this browser may remember.

const PLAIN_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const FILLED_BY = { name: "name", company: "organization" };
const LONG = ["message", "question", "comment", "nachricht"];
let fieldCount = 0;

// One field with its label and the place where its fault is said.
function field({ name, label = say(name), type = "text", required = false }) {
  const id = `field-${++fieldCount}`;
  const long = LONG.includes(name.toLowerCase());
  const given = { id, name, required, dir: "auto", "aria-describedby": `${id}-fault` };
  const input = make(long ? "textarea" : "input", given);
  if (!long) input.type = type === "phone" ? "tel" : type;
  input.autocomplete = { email: "email", phone: "tel" }[type] ?? FILLED_BY[name.toLowerCase()] ?? "on";
  const caption = make("label", { htmlFor: id, textContent: label, dir: "auto" });
  if (required) caption.append(" ", make("small", { textContent: `(${say("required")})` }));
  const fault = make("p", { id: `${id}-fault`, className: "fault", role: "alert" });
  return { name, input, fault, element: make("div", { className: "field" }, caption, input, fault) };
}

function consentField(text) {
  const id = `field-${++fieldCount}`;
  const input = make("input", { id, type: "checkbox", required: true, "aria-describedby": `${id}-fault` });
  const caption = make("label", { htmlFor: id, dir: "auto" }, input, make("span", { textContent: text }));
  const fault = make("p", { id: `${id}-fault`, className: "fault", role: "alert" });
  return { name: "consent", input, fault, element: make("div", { className: "field" }, caption, fault) };
}

function showFault({ input, fault }, text) {
  fault.textContent = text;
  input.setAttribute("aria-invalid", Boolean(text));
}

function faultOf({ input }) {
  if (input.type === "checkbox") return input.checked ? "" : say("agree");
  const value = input.value.trim();
  if (input.required && !value) return say("fill");
  return input.type === "email" && value && !PLAIN_ADDRESS.test(value) ? say("bad_email") : "";
}

// Says every fault at its field and goes to the first one; true where there is none.
function check(fields) {
  const faults = fields.map((each) => [each, faultOf(each)]);
  for (const [each, text] of faults) showFault(each, text);
  const first = faults.find(([, text]) => text);
  first?.[0].input.focus();
  return !first;
}

// A form that is sent once, however often that is pressed; a refusal is said at the field it is about.
function formOf(fields, submit) {
  const problem = make("p", { className: "fault", role: "alert" });
  let busy = false;
  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy || !check(fields)) return;
    busy = true;
    problem.textContent = "";
    try {
      await submit(Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim()])));
    } catch (error) {
      if (!sayAtField(fields, error)) problem.textContent = wordsOf(error);
    }
    busy = false;
  };
  const post = make("button", { type: "submit", className: "main", textContent: say("send") });
  const parts = [...fields.map(({ element }) => element), problem, make("p", { className: "tools" }, post)];
  return make("form", { className: "form", noValidate: true, submit: onSubmit }, ...parts);
}

function sayAtField(fields, { status, problem = {} }) {
  if (status !== 400 && status !== 422) return false;
  const named = (problem.errors ?? []).map((error) => error.field.split(".").at(-1));
  const wrong = fields.filter(({ name }) => named.includes(name));
  if (!wrong.length) wrong.push(...fields.filter(({ input }) => input.type === "email"));
  for (const each of wrong) {
    showFault(each, each.input.type === "email" ? say("bad_email") : faultOf(each) || say("check"));
  }
  wrong[0]?.input.focus();
  return wrong.length > 0;
}

// --------------------------------------------------------- where nobody is here

// A form for the address of somebody who waits while nobody is here; it stays as it is while it is filled in.
function showContactForm(waits) {
  const wanted = waits && chat.settings.open === false && !chat.contact;
  if (wanted && !view.contact) {
    const fields = [field({ name: "email", type: "email", required: true }), field({ name: "name" })];
    const lead = make("p", { textContent: say("closed") });
    view.contact = make("section", { className: "card" }, lead, formOf(fields, leaveContact));
    view.tray.append(view.contact);
  } else if (!wanted && view.contact) {
    view.contact.remove();
    view.contact = null;
  }
}

async function leaveContact({ email, name }) {
  await asVisitor(about("/contact"), { body: { email, name } });
  chat.contact = email;
  showPresence();
  addItem({ author: "notice", text: say("left", { email }) });
  view.words.focus();
}

// ------------------------------------------------------------ the visitor's details

function openDetails() {
  closeDetails();
  const fields = chat.settings.lead_fields.map(field);
  const { consent } = chat.settings;
  const all = consent ? [...fields, consentField(consent)] : fields;
  const title = make("h3", { id: "details", textContent: say("details") });
  const back = button("quiet", say("back"), closeDetails);
  const sent = { key: newKey(), text: "" };
  const form = formOf(all, async ({ consent: _, ...filled }) => {
    await sendDetails(filled, sent);
    const done = make("p", { role: "status", textContent: say("details_done") });
    form.replaceWith(done);
    back.focus();
  });
  view.form = make("section", { className: "details", "aria-labelledby": "details" }, back, title, form);
  view.talk.hidden = true;
  view.panel.append(view.form);
  fields[0].input.focus();
}

// The same details twice are one; changed ones are others.
async function sendDetails(filled, sent) {
  const text = JSON.stringify(filled);
  if (sent.text && sent.text !== text) sent.key = newKey();
  sent.text = text;
  const body = { fields: filled, consent: Boolean(chat.settings.consent) };
  if (chat.conversation) body.conversation_id = chat.conversation;
  await asVisitor("v1/leads", { body, headers: { "Idempotency-Key": sent.key } });
}

function closeDetails() {
  if (!view.form) return;
  view.form.remove();
  view.form = null;
  view.talk.hidden = false;
  view.words.focus();
}

// ----------------------------------------------------- whether it may remember

function askToKeep() {
  if (wish.consent !== "ask" || allowed) return;
  const end = (agreed) => {
    if (agreed) allow({ agreed: true });
    card.remove();
    view.words.focus();
  };
  const yes = button("option", say("keep_yes"), () => end(true));
  const no = button("option", say("keep_no"), () => end(false));
  const card = make("section", { className: "card" }, make("p", { textContent: say("keep") }), yes, no);
  view.tray.append(card);
}
