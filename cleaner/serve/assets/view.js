// Builds what the page shows of a document. Whatever comes from a source is set as text, never as markup.

/** An element with attributes, listeners (onclick …) and children, which are elements or texts. */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

/** A list of the labels to choose from. */
export const labelSelect = (labels, chosen, attributes) =>
  make("select", attributes, ...labels.map((label) => make("option", { selected: label === chosen }, label)));

const HEADINGS = { h1: "h2", h2: "h2", h3: "h3", h4: "h4", h5: "h5", h6: "h6", pre: "pre" };
const PREVIEW = 60;

const textElement = (block, label, isKept) => {
  if (isKept) return make(label === "title" ? "h1" : (HEADINGS[block.tag] ?? "p"), {}, block.text);
  return make(block.tag === "pre" ? "pre" : "p", {}, block.text);
};

/** Sets the label that a line shows, and whether it differs from what the library says. */
export const setLabel = (line, label, block) => {
  const tag = line.querySelector(".tag");
  tag.className = `tag ${label}`;
  tag.textContent = label;
  line.classList.toggle("differs", label !== block.label);
  line.title = label === block.label ? "" : `the library says ${block.label}`;
};

const lineOf = (block, at, label, { keep, isChanged, onOpen }) => {
  const tag = make("button", { "aria-expanded": "false", title: "Evidence, and a rule" });
  tag.classList.add("tag");
  const text = textElement(block, label, keep.has(label));
  const line = make("div", { class: "line", "data-at": at, tabindex: "-1" }, text, tag);
  tag.onclick = () => onOpen(at, line, tag);
  if (isChanged(at)) line.classList.add("changed");
  setLabel(line, label, block);
  return line;
};

const counted = (lines) => {
  const counts = new Map();
  for (const { label } of lines) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]);
};

/** A run of removed blocks, folded. Its lines are built when it is first opened: menus can have thousands. */
const runOf = (lines, options) => {
  const heading = counted(lines).map(([label, count]) => make("b", { class: label }, `${label} ${count}`));
  const preview = lines.slice(0, PREVIEW).map(({ block }) => block.text.slice(0, PREVIEW)).join(" · ");
  const run = make("details", {}, make("summary", {}, ...heading, make("s", {}, preview.slice(0, 2 * PREVIEW))));
  const fill = () => {
    if (run.childElementCount > 1) return;
    run.append(...lines.map(({ block, at, label }) => lineOf(block, at, label, options)));
  };
  run.fill = fill;
  run.ontoggle = fill;
  if (options.isOpen || lines.some(({ at }) => options.isChanged(at))) {
    run.open = true;
    fill();
  }
  return run;
};

/**
 * Shows a document: kept blocks as an article, runs of removed ones folded between them.
 * labelOf(block, at) is the label to show, keep the set of labels that are kept.
 */
export const showDocument = (view, answer, options) => {
  const pieces = [];
  let run = [];
  const endRun = () => {
    if (run.length) pieces.push(runOf(run, options));
    run = [];
  };
  answer.blocks.forEach((block, at) => {
    const label = options.labelOf(block, at);
    if (!options.keep.has(label)) {
      run.push({ block, at, label });
      return;
    }
    endRun();
    pieces.push(lineOf(block, at, label, options));
  });
  endRun();
  if (!pieces.some((piece) => piece.matches(".line"))) pieces.unshift(make("p", {}, "Nothing is kept of this source."));
  const hasHeadline = pieces.some((piece) => piece.querySelector("h1"));
  const header = make("header", {});
  if (!hasHeadline && answer.title) header.append(make("h1", {}, answer.title));
  if (answer.address) header.append(make("p", { class: "where" }, answer.address));
  view.replaceChildren(...(header.childElementCount ? [header] : []), ...pieces);
};

/** Opens the run that a block is in, and returns its line. */
export const revealLine = (view, at) => {
  const find = () => view.querySelector(`.line[data-at="${at}"]`);
  if (!find()) for (const run of view.querySelectorAll("details")) run.fill();
  const line = find();
  const run = line?.closest("details");
  if (run) run.open = true;
  return line;
};
