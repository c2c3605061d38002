() => {
  // Clicks and keys become events of the bus; citations are followed without asking the server
  // where the sentence is already on the page.
  const wide = window.matchMedia("(min-width: 60rem)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const send = (name, data = {}) => window.yinju && window.yinju.send(name, data);
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };

  const box = () => one("#question");
  const busy = () => Boolean(one("#live .draft"));
  const glide = () => (calm.matches ? "auto" : "smooth");

  let asked = "", patience = 0;
  function ask(question, again = 0) {
    if (busy()) return;
    if (!question.trim()) { box()?.focus(); return; }
    show("chat");
    send("ask", { question, again });
    const before = asked;
    clearTimeout(patience);
    patience = setTimeout(() => {
      const lost = asked === before && !busy();
      one(".lost").hidden = !lost;
      if (lost && !box().value) box().value = question;
    }, 6000);
  }

  function submit() {
    const area = box();
    if (!area || busy()) return;
    const question = area.value;
    if (!question.trim()) { area.focus(); return; }
    area.value = "";
    fit(area);
    ask(question);
  }

  function fit(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  }

  function show(tab) {
    const root = one("#yinju");
    if (!root) return;
    root.dataset.tab = tab;
    for (const button of all(".tabs button")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }

  // Citations -------------------------------------------------------------------------------
  const marks = (anchor) => all("#article mark").filter((m) => m.dataset.cites.split(" ").includes(anchor));

  function light(anchors, on) {
    for (const anchor of anchors) {
      for (const mark of marks(anchor)) mark.classList.toggle("lit", on);
      for (const other of all(`[data-cite="${anchor}"]`)) other.classList.toggle("lit", on);
    }
  }

  function reach(anchor, moved = true) {
    const found = marks(anchor)[0];
    if (!found) return false;
    if (moved && !wide.matches) show("article");
    const pane = one("#article .pane");
    const top = found.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + top - pane.clientHeight / 3, behavior: glide() });
    for (const mark of marks(anchor)) {
      mark.classList.remove("flash");
      void mark.offsetWidth;
      mark.classList.add("flash");
    }
    return true;
  }

  function follow(anchor) {
    current = anchor;
    if (reach(anchor)) return;
    const [turn, number] = anchor.split("-").map(Number);
    if (!wide.matches) show("article");
    send("citation", { turn, number });
  }

  let current = "";
  function walk(step) {
    const anchors = all("#talk .cards .card").map((card) => card.dataset.cite);
    if (!anchors.length) return;
    const at = anchors.indexOf(current);
    const next = at < 0 ? (step > 0 ? 0 : anchors.length - 1) : (at + step + anchors.length) % anchors.length;
    follow(anchors[next]);
    one(`#talk .card[data-cite="${anchors[next]}"]`)?.scrollIntoView({ block: "nearest", behavior: glide() });
  }

  function uses(mark) {
    const anchors = mark.dataset.cites.split(" ");
    for (const note of all("#article .uses")) {
      const mine = note.dataset.for.split(" ").some((anchor) => anchors.includes(anchor));
      note.hidden = mine ? !note.hidden : true;
    }
  }

  // Files -----------------------------------------------------------------------------------
  function upload(files) {
    const drop = one(".drop");
    const input = one("input[type=file]");
    if (!drop || !input || !files.length) return;
    const limit = Number(drop.dataset.max);
    const told = one("#article .notices");
    const fitting = new DataTransfer();
    for (const file of files) {
      if (file.size <= limit * 1048576) { fitting.items.add(file); continue; }
      const notice = document.createElement("div");
      notice.className = "notice";
      notice.setAttribute("role", "alert");
      notice.textContent = drop.dataset.large.replace("{name}", file.name).replace("{n}", limit);
      told.append(notice);
    }
    if (!fitting.files.length) { tell(); return; }
    input.files = fitting.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What one reads stays where it is while more is put in above or below it.
  let held = null;
  function more(button) {
    const gap = button.parentElement;
    const near = button === gap.lastElementChild && gap.children.length > 1 ? gap.nextElementSibling : gap.previousElementSibling;
    held = near && { start: near.dataset.start, top: near.getBoundingClientRect().top };
    send("more", { document: gap.closest("article").dataset.document, at: Number(button.dataset.at) });
  }

  function hold() {
    const near = held && one(`#article [data-start="${held.start}"]`);
    if (near) one("#article .pane").scrollTop += near.getBoundingClientRect().top - held.top;
    held = null;
  }

  function tell() {
    if (!wide.matches) show("article");
    one("#article .pane")?.scrollTo({ top: 0 });
  }

  // Events ----------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    let found;
    if ((found = hit("[data-retry]"))) ask(found.dataset.ask, Number(found.dataset.retry));
    else if ((found = hit("[data-ask]"))) ask(found.dataset.ask);
    else if ((found = hit("[data-rate]"))) send("rate", { turn: Number(found.dataset.turn), rating: found.dataset.rate });
    else if ((found = hit("a[data-cite]"))) { event.preventDefault(); follow(found.dataset.cite); }
    else if ((found = hit("a.use"))) {
      event.preventDefault();
      show("chat");
      const turn = one(`#turn-${found.dataset.turn}`);
      turn?.scrollIntoView({ block: "start", behavior: glide() });
    }
    else if ((found = hit("#article mark"))) uses(found);
    else if ((found = hit("button.more"))) more(found);
    else if ((found = hit(".tabs button"))) show(found.dataset.tab);
    else if (hit("button.send")) submit();
    else if (hit("button.stop")) send("halt");
    else if (hit("button.clear")) send("wipe");
    else if (hit("button.add")) one("input[type=file]")?.click();
  });

  document.addEventListener("change", (event) => {
    const pick = event.target.closest?.("[data-pick]");
    if (!pick) return;
    const name = { corpus: "source", language: "language", document: "document" }[pick.dataset.pick];
    if (name === "language") remember("yinju-language", pick.value);
    send(name, { value: pick.value });
  });

  document.addEventListener("keydown", (event) => {
    // keyCode 229: a key that an input method is still using to compose Chinese or Japanese.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.target.id === "question" && event.key === "Enter" && !event.shiftKey && !composing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && !composing && busy()) send("halt");
    else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    } else if ((event.key === "Enter" || event.key === " ") && event.target.matches?.("mark[role=button]")) {
      event.preventDefault();
      uses(event.target);
    }
  });

  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("input", (event) => { if (event.target.id === "question") fit(event.target); });

  const anchorsOf = (element) => (element.dataset.cites || element.dataset.cite).split(" ");
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => {
      const found = event.target.closest?.("[data-cite], mark[data-cites]");
      if (found) light(anchorsOf(found), on);
    });
  }

  let depth = 0;
  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const dragging = (on) => document.body.classList.toggle("dragging", on);
  document.addEventListener("dragenter", (event) => { if (holdsFiles(event)) { depth += 1; dragging(true); } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) dragging(false); });
  document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    dragging(false);
    upload([...event.dataTransfer.files]);
  });

  // What the server redraws -----------------------------------------------------------------
  let size = 0, focused = "", notices = "", language = "", was = false;
  function settle() {
    const root = one("#yinju");
    if (!root) return;
    if (!root.dataset.tab) {
      show("chat");
      const talk = one("#talk");
      talk.setAttribute("role", "log");
      talk.setAttribute("aria-live", "polite");
    }
    const top = one(".top");
    if (top && top.dataset.language !== language) {
      const first = !language;
      language = top.dataset.language;
      document.documentElement.lang = language;
      document.documentElement.dir = top.dataset.direction;
      const wish = remembered("yinju-language");
      if (first && wish && wish !== language) send("language", { value: wish });
      show(root.dataset.tab);
    }
    // A select keeps what a person chose over the attribute the server sets.
    for (const pick of all(".pick")) {
      const chosen = one("option[selected]", pick);
      if (chosen && pick.value !== chosen.value && document.activeElement !== pick) pick.value = chosen.value;
    }
    root.classList.toggle("busy", busy());
    const turn = one("#live .asked")?.id || "";
    if (turn && turn !== asked) {
      asked = turn;
      one(".lost").hidden = true;
      one(`#${turn}`).scrollIntoView({ block: "start", behavior: glide() });
    }
    if (was && !busy() && wide.matches) box()?.focus({ preventScroll: true });
    was = busy();
    const told = one("#article .notices")?.textContent || "";
    const shown = one("#article .text")?.childElementCount;
    if (held && shown !== size) hold();
    size = shown;
    if (told && told !== notices) tell();
    notices = told;
    const focus = one("#article .text")?.dataset.focus || "";
    if (focus && focus !== focused && reach(focus, false)) current = focus;
    focused = focus;
  }
  let due = false;
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; settle(); });
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-focus", "data-language"] });
  settle();
}
