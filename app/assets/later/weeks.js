/* The table of weeks: moving, typing, pasting. What is typed goes to the app, which answers with the whole table;
   a set of texts is saved whole or not at all, so those that wait for a mended one stay here until it is. */

const NAMES = ["completed_items", "created_items", "completed_points", "created_points"];
const WORDS = [
  burndownWords("Finished items"),
  burndownWords("New items"),
  burndownWords("Finished points"),
  burndownWords("New points"),
];

let box = null;
let table = null;
let shape = "";
let state = null;
let cells = new Map();
let waiting = new Map();
let problems = new Map();
let undo = [];
let sent = null;
/* What was pasted while an answer is awaited. */
let later = null;
let asked = new Map();
let counter = 0;
let saidLeft = [];

/* Called with each answer of the app, and when it begins and ends working on one. */
export function show(answer, busy) {
  const place = document.getElementById("weeks-table");
  if (!place || !answer) {
    return;
  }
  if (place !== box) {
    begin(place);
  }
  if (answer !== state) {
    take(answer);
  }
  if (!busy && sent) {
    // Either the answer comes next, or there is none: the app said elsewhere why, and what was typed stays.
    sent = null;
  }
  tell(busy);
}

/* The page is about to go: what waits for an answer to something before it is sent now, with the list it is of. */
function leave() {
  if (!box || !box.isConnected || problems.size) {
    return;
  }
  if (isCell(document.activeElement)) {
    commit(document.activeElement);
  }
  if (waiting.size || later) {
    // What is under way goes along once more: whether it was refused is told on the next page then.
    const rest = { ...later, left: true, under: sent ? sent.cells : [] };
    sent = null;
    later = null;
    send(rest);
  }
}

["popstate", "_dashprivate_pushstate"].forEach((kind) => window.addEventListener(kind, leave));

/* What the fields of what is left are to hold: what the app says now, where they hold what it said before or, in
   `instead`, what it was just told. Anything else was typed meanwhile, and stays. */
export function left(said, present) {
  const texts = present.map((text, at) => {
    const shown = text || "";
    const isOurs = shown === saidLeft[at] || (said.instead && shown === said.instead[at]);
    return isOurs && shown !== said.texts[at] ? said.texts[at] : window.dash_clientside.no_update;
  });
  saidLeft = said.texts;
  return texts;
}

function begin(place) {
  box = place;
  box.replaceChildren();
  state = null;
  shape = "";
  cells = new Map();
  waiting = new Map();
  problems = new Map();
  undo = [];
  sent = null;
  later = null;
  asked = new Map();
  const bar = element("div", "weeks-bar");
  bar.append(
    button(burndownWords("Add an earlier week"), "weeks-earlier", () => send({ earlier: state.earlier + 1 })),
    button(burndownWords("Undo"), "weeks-undo", undoLast),
    element("span", "weeks-said", { role: "status" })
  );
  const frame = element("div", "table long weeks", {
    role: "region",
    tabindex: "0",
    "aria-label": burndownWords("Table of weeks, oldest first"),
  });
  table = element("table", "");
  frame.append(table);
  box.append(bar, frame);
  table.addEventListener("keydown", onKey);
  table.addEventListener("focusin", (event) => event.target.select && event.target.select());
  table.addEventListener("focusout", (event) => isCell(event.target) && commit(event.target));
  table.addEventListener("paste", onPaste);
}

/* -- what the app says ------------------------------------------------------------------------------- */

function take(answer) {
  const mine = asked.get(answer.id);
  state = answer;
  if (mine) {
    asked.delete(answer.id);
    sent = mine === sent ? null : sent;
    settle(mine);
  }
  draw();
  if (!problems.size && (waiting.size || later)) {
    const rest = later || {};
    later = null;
    send(rest);
  }
}

function settle(request) {
  problems = new Map(state.problems.map(([start, name, reason]) => [key(start, name), reason]));
  if (problems.size) {
    state.waiting.forEach(([start, name, text]) => {
      if (!waiting.has(key(start, name))) {
        waiting.set(key(start, name), text);
      }
    });
    return;
  }
  request.cells.forEach(([start, name, text]) => {
    if (waiting.get(key(start, name)) === text) {
      waiting.delete(key(start, name));
    }
  });
  if (state.before.length && !request.undo) {
    undo.push(state.before);
  }
}

function draw() {
  const wanted = state.rows.map((row) => row[0]).join() + state.typed;
  if (wanted !== shape) {
    const focused = isCell(document.activeElement) ? document.activeElement.dataset.key : null;
    const isFirst = !shape;
    shape = wanted;
    build();
    if (isFirst) {
      table.parentNode.scrollTop = table.parentNode.scrollHeight;
    } else if (focused && cells.has(focused)) {
      cells.get(focused).input.focus();
    }
  }
  const wrong = cells.get([...problems.keys()][0]);
  if (wrong && wrong.made.className !== "wrong") {
    wrong.made.scrollIntoView({ block: "nearest" });
  }
  state.rows.forEach(([start, , , numbers]) => {
    numbers.forEach(([text, counted], at) => update(cells.get(key(start, NAMES[at])), text, counted));
    const remove = cells.get(start);
    remove.hidden = !numbers.some(([text, counted]) => (state.typed ? text !== "" : counted !== null));
  });
  if (isCell(document.activeElement)) {
    // A note that came below another cell may have pushed this one out of sight.
    document.activeElement.scrollIntoView({ block: "nearest" });
  }
}

function build() {
  cells = new Map();
  const head = element("thead", "");
  const groups = element("tr", "");
  groups.append(
    heading(burndownWords("Week from"), { rowspan: 2 }),
    heading(burndownWords("Items"), { colspan: 2 }),
    heading(burndownWords("Points"), { colspan: 2 }),
    heading("", { rowspan: 2 })
  );
  const names = element("tr", "");
  names.append(...["Finished", "New", "Finished", "New"].map((name) => (name === "New" ? burndownWords("New") : burndownWords("Finished"))).map((name) => heading(name, {})));
  head.append(groups, names);
  const body = element("tbody", "");
  body.append(...state.rows.map(row));
  table.replaceChildren(head, body);
}

function heading(text, more) {
  const made = element(text ? "th" : "td", "", text ? { scope: more.colspan ? "colgroup" : "col", ...more } : more);
  made.textContent = text;
  return made;
}

function row([start, label, isRunning]) {
  const made = element("tr", "");
  const name = element("th", "", { scope: "row" });
  name.textContent = label;
  if (isRunning) {
    const note = element("span", "quiet");
    note.textContent = ` ${burndownWords("this week")}`;
    name.append(note);
  }
  made.append(name, ...NAMES.map((one, at) => cell(start, label, one, at)));
  const last = element("td", "");
  const words = state.typed ? burndownWords("Clear") : burndownWords("Take back");
  const remove = button(words, "text-button", () => clear(start));
  remove.setAttribute("aria-label", state.typed ? burndownWords("Clear the week from {day}", { day: label }) : burndownWords("Take back the week from {day}", { day: label }));
  last.append(remove);
  cells.set(start, remove);
  made.append(last);
  return made;
}

function cell(start, label, name, at) {
  const made = element("td", "");
  const id = `week-${start}-${name}`;
  const input = element("input", "", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": burndownWords("{what}, week from {day}", { what: WORDS[at], day: label }),
    "aria-describedby": `${id}-note`,
  });
  input.dataset.key = key(start, name);
  const note = element("div", "week-note", { id: `${id}-note` });
  made.append(input, note);
  cells.set(key(start, name), { made, input, note, start, name, text: "" });
  return made;
}

function update(one, text, counted) {
  const id = key(one.start, one.name);
  const isTyping = one.input === document.activeElement && one.input.value !== one.text && !problems.size;
  one.text = text;
  if (!isTyping) {
    one.input.value = waiting.has(id) ? waiting.get(id) : text;
  }
  const problem = problems.get(id);
  one.input.setAttribute("aria-invalid", problem ? "true" : "false");
  one.made.className = problem ? "wrong" : counted !== null ? "corrected" : "";
  const said = problem || (counted !== null ? burndownWords("{count} counted", { count: counted }) : "");
  if (one.note.textContent !== said) {
    one.note.textContent = said;
  }
}

function tell(busy) {
  const said = box.querySelector(".weeks-said");
  const count = problems.size;
  let text = undo.length || state.id ? burndownWords("Saved.") : "";
  if (busy) {
    text = burndownWords("Saving …");
  } else if (count) {
    const said = count === 1 ? burndownWords("One number cannot be used: not saved") : burndownWords("{count} numbers cannot be used: not saved", { count });
    text = said + (waiting.size > count ? burndownWords(", and the others wait for it.") : ".");
  } else if (waiting.size) {
    text = burndownWords("Not saved yet.");
  }
  if (said.textContent !== text) {
    said.textContent = text;
  }
  said.classList.toggle("warning", !busy && waiting.size > 0);
  box.querySelector(".weeks-undo").disabled = !undo.length;
}

/* -- what is typed ------------------------------------------------------------------------------------ */

function commit(input) {
  const one = cells.get(input.dataset.key);
  if (!one) {
    return;
  }
  const id = input.dataset.key;
  const text = input.value.trim();
  const known = waiting.has(id) ? waiting.get(id) : one.text;
  if (text === known) {
    return;
  }
  problems.delete(id);
  if (text === one.text) {
    waiting.delete(id);
  } else {
    waiting.set(id, text);
  }
  send({});
}

function clear(start) {
  const rows = state.rows.find((row) => row[0] === start);
  rows[3].forEach(([text, counted], at) => {
    if (state.typed ? text !== "" : counted !== null) {
      waiting.set(key(start, NAMES[at]), "");
    }
  });
  send({});
}

function undoLast() {
  if (undo.length && !sent) {
    send({ cells: undo.pop(), undo: true });
  }
}

function send(more) {
  if (sent) {
    later = more.paste ? more : later;
    return;
  }
  const own = [...waiting].map(([id, text]) => [...id.split(" "), text]);
  if (!own.length && !Object.keys(more).length) {
    draw();
    tell(false);
    return;
  }
  counter += 1;
  // Whoever leaves the page out of a cell leaves it behind: it is of the work list that it was typed for.
  sent = { id: counter, cells: own, earlier: state.earlier, undo: false, of: state.of, ...more };
  asked.set(counter, sent);
  tell(true);
  window.dash_clientside.set_props("weeks-edit", { data: sent });
}

function onPaste(event) {
  const text = event.clipboardData.getData("text/plain");
  if (!isCell(event.target) || !/[\t\n;]/.test(text.trim())) {
    return;
  }
  event.preventDefault();
  const [start, name] = event.target.dataset.key.split(" ");
  event.target.value = cells.get(event.target.dataset.key).text;
  send({ paste: { text, start, name } });
}

/* -- moving ------------------------------------------------------------------------------------------- */

function onKey(event) {
  const input = event.target;
  if (!isCell(input) || event.altKey) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    if (input.value === cells.get(input.dataset.key).text) {
      event.preventDefault();
      undoLast();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    return;
  }
  if (event.key === "Escape") {
    input.value = cells.get(input.dataset.key).text;
    commit(input);
    input.select();
    return;
  }
  const step = stepOf(event, input);
  if (!step) {
    return;
  }
  event.preventDefault();
  const [start, name] = input.dataset.key.split(" ");
  const at = state.rows.findIndex((row) => row[0] === start) + step[0];
  const column = NAMES.indexOf(name) + step[1];
  const next = state.rows[at] && cells.get(key(state.rows[at][0], NAMES[column]));
  if (next) {
    next.input.focus();
  } else {
    commit(input);
    input.select();
  }
}

/* Rows and columns to go by; sideways only where the caret has nowhere left to go in the text itself. */
function stepOf(event, input) {
  const isWhole = input.selectionEnd - input.selectionStart === input.value.length;
  switch (event.key) {
    case "Enter":
      return [event.shiftKey ? -1 : 1, 0];
    case "ArrowDown":
      return [1, 0];
    case "ArrowUp":
      return [-1, 0];
    case "ArrowLeft":
      return !event.shiftKey && (isWhole || input.selectionEnd === 0) ? [0, -1] : null;
    case "ArrowRight":
      return !event.shiftKey && (isWhole || input.selectionStart === input.value.length) ? [0, 1] : null;
    default:
      return null;
  }
}

/* -- small things ------------------------------------------------------------------------------------- */

function key(start, name) {
  return `${start} ${name}`;
}

function isCell(target) {
  return Boolean(target && target.dataset && target.dataset.key);
}

function element(kind, name, attributes) {
  const made = document.createElement(kind);
  if (name) {
    made.className = name;
  }
  Object.entries(attributes || {}).forEach(([one, value]) => made.setAttribute(one, value));
  return made;
}

function button(text, name, press) {
  const made = element("button", name.startsWith("weeks-") ? `button quiet ${name}` : name, { type: "button" });
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
