// The local page: asks the server about a source, shows the answer, and keeps what the reader chooses. view.js builds
// what is shown of a document, browser.js talks to the server, to files and to the clipboard.
import { ask, copyText, download, readBase64 } from "./browser.js";
import { labelSelect, make, revealLine, setLabel, showDocument } from "./view.js";

const $ = (id) => document.getElementById(id);

/** The keys that give a label to the line in focus, in folder mode. */
const KEYS = {
  b: "body", t: "title", y: "byline", c: "caption", s: "subscription", a: "author", r: "related", h: "share",
  m: "comment", d: "advert", n: "notice", v: "navigation", i: "sidebar", o: "note", x: "other",
};
const EXAMPLE = `Ferry returns to Skarn Island

By Mads Holm

The ferry to Skarn Island sailed on Monday, for the first time since the pier gave way two winters ago.

"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing.

Passengers at the new pier. Photo: Odd Brekke / Nordlys Foto

The council paid for the pier with a loan that it will pay back over twenty years, a sum of two million.

Psst! The Courier drops into your inbox at dawn.

Sign up for our daily newsletter.

READ MORE: Storm closes the coast road`;

const state = {
  start: null, // what the server said at the start: labels, pages, the pack
  source: null, // { text }, { file } or { page }
  keep: null, // the labels that are kept, or null for the defaults
  answer: null,
  ruleLabel: "notice", // the label that was last chosen for a rule
  asked: 0, // the number of the last question about a source: answers to earlier ones are dropped
};
/** The labels of pages that were opened, by the number of the page: they stay until they are saved. */
const truths = new Map();

// -- messages

const show = (element, text) => {
  element.textContent = text;
  element.hidden = !text;
};
const say = (text) => { $("status").textContent = text; };

/** Runs what a button or key starts, and shows what goes wrong. */
const attempt = async (act, problem = $("problem")) => {
  show(problem, "");
  try {
    await act();
  } catch (error) {
    show(problem, error.message);
  }
};

// -- a source and its answer

/** The labels of the page that is shown, which is not yet the one that was asked for while its answer is on the way. */
const truth = () => truths.get(state.answer?.page);
const labelOf = (block, at) => truth()?.labels[at] ?? block.label;

const question = () => {
  const { page } = state.source;
  const options = page !== undefined
    ? { lang: truths.get(page)?.lang ?? "" }
    : { url: $("url").value.trim(), lang: $("lang").value.trim(), kind: $("kind").value };
  return { ...state.source, ...options, keep: state.keep, threshold: Number($("threshold").value) };
};

/** Asks again about the source, with the options and the rules as they are. */
const refresh = async () => {
  if (!state.source) return;
  const { page } = state.source;
  const asked = ++state.asked;
  say("Cleaning…");
  show($("pack-problem"), "");
  let answer;
  try {
    answer = await ask("label", { ...question(), pack: $("pack").value });
  } catch (error) {
    if (!error.message.startsWith("mine.toml")) {
      say("");
      throw error;
    }
    show($("pack-problem"), error.message);
    answer = await ask("label", question());
  }
  if (asked !== state.asked) return;
  state.answer = { ...answer, page };
  if (page !== undefined) openTruth(state.answer);
  say("");
  showAnswer();
};

const openSource = async (source) => {
  state.source = source;
  state.keep = null;
  $("source").open = false;
  try {
    await refresh();
  } catch (error) {
    $("source").open = source.page === undefined;
    throw error;
  }
  window.scrollTo(0, 0);
};

const showAnswer = () => {
  const { answer } = state;
  const changed = new Set((answer.changes ?? []).map((change) => change.at));
  showDocument($("view"), answer, {
    labelOf,
    keep: new Set(answer.keep),
    isChanged: (at) => changed.has(at),
    isOpen: answer.page !== undefined || $("open-all").ariaPressed === "true",
    onOpen: toggleInspector,
  });
  $("side").hidden = false;
  showFacts();
  showLabels();
  showChanges();
  showTruth();
};

const showFacts = () => {
  const { answer } = state;
  const kept = answer.blocks.filter((block) => answer.keep.includes(block.label)).length;
  const facts = [`${kept} of ${answer.blocks.length} blocks kept`, answer.kind, answer.lang, answer.page_type];
  if (answer.page_type) facts.push(`confidence ${answer.confidence.toFixed(2)}`);
  if (answer.flags.length) facts.push(`flags: ${answer.flags.join(", ")}`);
  $("facts").textContent = facts.filter(Boolean).join(" · ");
};

const showLabels = () => {
  const { answer } = state;
  const counts = Object.fromEntries(state.start.labels.map((label) => [label, 0]));
  for (const block of answer.blocks) counts[block.label] += 1;
  const boxes = state.start.labels.map((label) => {
    const box = make("input", { type: "checkbox", checked: answer.keep.includes(label), value: label });
    box.onchange = () => attempt(async () => {
      state.keep = [...document.querySelectorAll("#labels input:checked")].map((checked) => checked.value);
      await refresh();
      document.querySelector(`#labels input[value=${label}]`).focus();
    });
    const name = make("span", { class: `dot ${label}` }, label);
    return make("label", { "data-count": counts[label] || "" }, box, name);
  });
  $("labels").replaceChildren(...boxes);
};

// -- what is known about a block

const toggleInspector = (at, line, tag) => {
  const open = line.querySelector(".inspector");
  tag.ariaExpanded = String(!open);
  if (open) open.remove();
  else line.append(inspector(at, line));
};

const inspector = (at, line) => {
  const block = state.answer.blocks[at];
  const isKept = state.answer.keep.includes(block.label);
  const verdict = `${isKept ? "Kept" : "Removed"} as ${block.label}, score ${block.score.toFixed(2)}`;
  const evidence = make("ul", {}, ...block.evidence.map((reason) => make("li", {}, reason)));
  const parts = [make("strong", {}, verdict), evidence];
  if (truth()) {
    const select = labelSelect(state.start.labels, labelOf(block, at), { class: "right-label" });
    select.onchange = () => giveLabel(at, line, select.value);
    parts.push(make("div", { class: "actions" }, make("label", {}, "Right label ", select)));
  }
  const select = labelSelect(state.start.labels, isKept ? state.ruleLabel : "body", {});
  const add = make("button", {}, "Make a rule");
  add.onclick = () => attempt(() => makeRule(block.text, select.value), $("pack-problem"));
  parts.push(make("div", { class: "actions" }, make("label", {}, "Lines like this are ", select), add));
  return make("div", { class: "inspector" }, ...parts);
};

// -- rules

const makeRule = async (line, label) => {
  if (label !== "body") state.ruleLabel = label;
  const { pack } = await ask("rule", { line, label, pack: $("pack").value });
  $("pack").value = pack;
  await refresh();
  $("pack").scrollTop = $("pack").scrollHeight;
  say(changesInWords());
};

const changesInWords = () => {
  const { changes } = state.answer;
  if (!changes) return "";
  return changes.length === 1 ? "The rules change 1 block" : `The rules change ${changes.length || "no"} blocks`;
};

const showChanges = () => {
  const { answer } = state;
  const items = (answer.changes ?? []).map(({ at, before, after }) => {
    const text = answer.blocks[at].text;
    const jump = make("button", {}, text.length > 80 ? `${text.slice(0, 80)}…` : text);
    jump.onclick = () => focusLine(revealLine($("view"), at));
    return make("li", {}, `${before} → ${after}: `, jump);
  });
  if (answer.changes && !items.length) items.push(make("li", {}, "The rules change nothing here."));
  for (const rule of answer.unmatched ?? []) items.push(make("li", {}, `${rule} matches nothing here.`));
  $("changes").replaceChildren(...items);
};

// -- labels of the pages of a folder

/** Takes over the labels of the page's file; what has no label there has that of the library. */
const openTruth = (answer) => {
  const { page } = answer;
  const known = truths.get(page);
  if (known?.isEdited && known.labels.length === answer.blocks.length) return;
  const { labels, header, version, missing } = answer.truth;
  truths.set(page, {
    labels: answer.blocks.map((block, at) => labels[at] ?? block.label),
    about: header.about ?? "",
    lang: header.lang ?? "",
    trap: "trap" in header,
    version,
    missing,
    isEdited: false,
  });
};

const showTruth = () => {
  const own = truth();
  $("truth").hidden = !own;
  if (!own) return;
  $("about").value = own.about;
  $("truth-lang").value = own.lang;
  $("trap").checked = own.trap;
  showDifferences();
};

const showDifferences = () => {
  const own = truth();
  const differing = state.answer.blocks.filter((block, at) => own.labels[at] !== block.label).length;
  const facts = [own.version ? "From its file." : "No file yet: these are the library's labels."];
  if (differing) facts.push(`${differing} ${differing === 1 ? "differs" : "differ"} from the library's.`);
  if (own.missing.length) {
    facts.push(`${own.missing.length} lines of the file are no blocks of the page today; to save drops them.`);
  }
  if (own.isEdited) facts.push("Not saved.");
  $("differences").textContent = facts.join(" ");
  showPageNames();
};

const edit = (changes) => {
  Object.assign(truth(), changes, { isEdited: true });
  showDifferences();
};

const giveLabel = (at, line, label) => {
  truth().labels[at] = label;
  setLabel(line, label, state.answer.blocks[at]);
  const select = line.querySelector(".right-label");
  if (select) select.value = label;
  edit({});
};

const save = async () => {
  const { page } = state.answer;
  const own = truth();
  const blocks = state.answer.blocks.map((block, at) => [own.labels[at], block.text]);
  const { about, lang, trap, version } = own;
  const saved = await ask("save", { page, blocks, about, lang, trap, version });
  Object.assign(own, { version: saved.version, missing: [], isEdited: false });
  state.start.labelled[page] = true;
  showDifferences();
  say("Saved");
};

const showPageNames = () => {
  [...$("page").options].forEach((option, page) => {
    const mark = truths.get(page)?.isEdited ? "• " : state.start.labelled[page] ? "✓ " : "";
    option.textContent = `${mark}${page + 1}/${state.start.pages.length} ${state.start.pages[page]}`;
  });
};

const pageInView = () => Number($("page").value);

const openPage = (page) => attempt(async () => {
  if (page < 0 || page >= state.start.pages.length) return;
  $("page").value = page;
  $("previous").disabled = page === 0;
  $("next").disabled = page === state.start.pages.length - 1;
  await openSource({ page });
});

// -- lines and keys

const focusLine = (line) => {
  line?.focus({ preventScroll: true });
  line?.scrollIntoView({ block: "nearest" });
};

/** Moves the focus to the next or previous line that can be seen. */
const moveFocus = (step) => {
  const lines = [...$("view").querySelectorAll(".line, summary")].filter((line) => line.checkVisibility());
  const at = lines.indexOf(document.activeElement.closest(".line, summary"));
  focusLine(lines[at < 0 ? 0 : Math.min(Math.max(at + step, 0), lines.length - 1)]);
};

const pressKey = (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s" && truth()) {
    event.preventDefault();
    attempt(save);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const line = document.activeElement.closest(".line");
  if (event.key === "j") moveFocus(1);
  else if (event.key === "k") moveFocus(-1);
  else if (event.key === "[") openPage(pageInView() - 1);
  else if (event.key === "]") openPage(pageInView() + 1);
  else if (event.key === "Enter" && line === document.activeElement) line.querySelector(".tag").click();
  else if (line && truth() && KEYS[event.key]) {
    giveLabel(Number(line.dataset.at), line, KEYS[event.key]);
    moveFocus(1);
  } else if (event.key === "o" && !line) $("open-all").click();
};

// -- files and the clipboard

const openFile = (file) => attempt(async () => {
  if (!file) return;
  if (file.size > state.start.max_size) throw new Error(`${file.name} is too large; --max-size moves the limit`);
  await openSource({ file: await readBase64(file) });
});

const copy = (text) => attempt(async () => {
  await copyText(text);
  say("Copied");
});

// -- the page

const cleanText = () => attempt(async () => {
  if (!$("text").value.trim()) throw new Error("There is nothing to clean yet: paste HTML or a text, or open a file.");
  await openSource({ text: $("text").value });
});

const wire = () => {
  $("form").onsubmit = (event) => {
    event.preventDefault();
    cleanText();
  };
  $("text").onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) cleanText();
  };
  $("choose").onclick = () => $("file").click();
  $("file").onchange = () => openFile($("file").files[0]);
  $("example").onclick = () => {
    $("text").value = EXAMPLE;
    cleanText();
  };
  document.ondragover = (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  };
  document.ondragleave = () => document.body.classList.remove("dropping");
  document.ondrop = (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    openFile(event.dataTransfer.files[0]);
  };
  $("threshold").oninput = () => { $("threshold-value").textContent = Number($("threshold").value).toFixed(2); };
  $("threshold").onchange = () => attempt(refresh);
  $("defaults").onclick = () => {
    state.keep = null;
    $("threshold").value = 0.5;
    $("threshold").oninput();
    attempt(refresh);
  };
  $("copy-text").onclick = () => copy(state.answer.text);
  $("copy-markdown").onclick = () => copy(state.answer.markdown);
  $("open-all").onclick = () => {
    const isOpen = $("open-all").ariaPressed !== "true";
    $("open-all").ariaPressed = String(isOpen);
    for (const run of $("view").querySelectorAll("details")) run.open = isOpen;
  };
  $("try").onclick = () => attempt(async () => {
    await refresh();
    say(changesInWords());
  });
  $("copy-pack").onclick = () => copy($("pack").value);
  $("download-pack").onclick = () => download($("pack").value, "mine.toml", "application/toml");
  $("page").onchange = () => openPage(Number($("page").value));
  $("previous").onclick = () => openPage(pageInView() - 1);
  $("next").onclick = () => openPage(pageInView() + 1);
  $("about").oninput = () => edit({ about: $("about").value });
  $("truth-lang").oninput = () => edit({ lang: $("truth-lang").value.trim() });
  $("trap").onchange = () => edit({ trap: $("trap").checked });
  $("save").onclick = () => attempt(save);
  document.onkeydown = pressKey;
  window.onbeforeunload = (event) => {
    const isEdited = [...truths.values()].some((own) => own.isEdited) || $("pack").value !== state.start.pack;
    if (isEdited) event.preventDefault();
  };
};

const showKeys = () => {
  const extra = Object.entries({
    "j k": "next, previous line", "[ ]": "previous, next page", Enter: "evidence", "Ctrl S": "save",
  });
  const letters = Object.entries(KEYS).map(([key, label]) => [key, make("span", { class: `dot ${label}` }, label)]);
  for (const [key, meaning] of [...letters, ...extra]) {
    $("letters").append(make("dt", {}, key), make("dd", {}, meaning));
  }
};

attempt(async () => {
  state.start = await ask("start");
  $("pack").value = state.start.pack;
  showKeys();
  wire();
  if ($("file").files[0]) openFile($("file").files[0]);  // chosen before the page was ready
  if (!state.start.pages.length) return;
  $("pages").hidden = false;
  $("page").replaceChildren(...state.start.pages.map((_, page) => make("option", { value: page })));
  showPageNames();
  await openPage(0);
});
