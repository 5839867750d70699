// What a saved report does: a bar filters by label and jumps between removed runs, buttons show the evidence of blocks.
// Without it the page can be read all the same.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const reports = all("article.cleaner");
const runs = all("details");
const bar = make("nav", "", { class: "bar hues", "aria-label": "Removed blocks" });
const place = make("span", "", { "aria-live": "polite" });

// -- evidence

const showEvidence = (button, shown) => {
  button.setAttribute("aria-expanded", shown);
  button.evidence.classList.toggle("asked", shown);
};
const addEvidenceButton = (evidence, text) => {
  const button = make("button", "?", { class: "why", "aria-label": "Evidence", "aria-expanded": false });
  button.evidence = evidence;
  button.onclick = () => showEvidence(button, button.getAttribute("aria-expanded") === "false");
  if (text) text.append(button);
  else evidence.before(button);
};
all("small").forEach((small) => addEvidenceButton(small));
all("dd").forEach((line) => addEvidenceButton(line, line.previousElementSibling));

// -- filter: with a label chosen, blocks of other labels are hidden and its own runs are open

const chosen = new Set();
const filter = () => {
  for (const run of runs) {
    const lists = all("dl", run);
    for (const list of lists) list.hidden = chosen.size > 0 && !chosen.has(list.className);
    run.hidden = lists.every((list) => list.hidden);
    if (chosen.size) run.open = !run.hidden;
  }
  place.textContent = "";
};
const chooseLabel = (button, label) => {
  const isChosen = chosen.delete(label) ? false : Boolean(chosen.add(label));
  button.setAttribute("aria-pressed", isChosen);
  filter();
};
const labelButtons = () => {
  const counts = new Map();
  for (const list of all("dl")) counts.set(list.className, (counts.get(list.className) ?? 0) + all("dt", list).length);
  return [...counts].sort((one, other) => other[1] - one[1]).map(([label, count]) => {
    const button = make("button", `${label} ${count}`, { class: label, "aria-pressed": false });
    button.onclick = () => chooseLabel(button, label);
    return button;
  });
};

// -- jumps

const jump = (step) => {
  const shown = runs.filter((run) => !run.hidden);
  if (!shown.length) return;
  const isBelow = (run) => run.getBoundingClientRect().top > bar.offsetHeight;
  let at = shown.indexOf(document.activeElement?.closest("details"));
  if (at < 0) {
    const below = shown.findIndex(isBelow);
    at = below < 0 ? shown.length : below;
    if (step > 0) at -= 1;
  }
  const next = (at + step + shown.length) % shown.length;
  shown[next].open = true;
  shown[next].scrollIntoView({ block: "center" });
  shown[next].firstElementChild.focus({ preventScroll: true });
  place.textContent = `${next + 1} of ${shown.length}`;
};
const openAll = () => {
  const isOpen = runs.some((run) => !run.open && !run.hidden);
  for (const run of runs) run.open = isOpen;
};
const allEvidence = (button) => {
  const isShown = document.body.classList.toggle("asked");
  button.setAttribute("aria-pressed", isShown);
};

// -- the bar

const shortcuts = new Map();
const action = (text, key, name, act) => {
  const button = make("button", text, { title: `${name} (key ${key})`, "aria-label": name, "aria-keyshortcuts": key });
  button.onclick = () => act(button);
  shortcuts.set(key, button);
  return button;
};
const documents = () => {
  const select = make("select", "", { "aria-label": "Document" });
  reports.forEach((report, number) => {
    const name = report.querySelector(".where, h1").textContent;
    select.append(make("option", `${number + 1} of ${reports.length}: ${name}`, { value: number }));
  });
  select.onchange = () => reports[select.value].scrollIntoView();
  document.onscroll = () => {
    const isReached = (report) => report.getBoundingClientRect().top < innerHeight / 2;
    select.value = Math.max(0, reports.findLastIndex(isReached));
  };
  return select;
};
if (reports.length > 1) bar.append(documents());
const labels = make("div", "", { role: "group", "aria-label": "Show these labels alone" });
labels.append("Removed", ...labelButtons());
if (runs.length) {
  bar.append(
    labels,
    place,
    action("↑", "p", "Previous removed blocks", () => jump(-1)),
    action("↓", "n", "Next removed blocks", () => jump(1)),
    action("Open all", "o", "Open or close all removed blocks", openAll),
  );
}
bar.append(action("Evidence", "e", "Evidence of all blocks", allEvidence));
document.body.prepend(bar);
document.body.classList.add("scripted");
document.onkeydown = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select")) return;
  shortcuts.get(event.key)?.click();
};
