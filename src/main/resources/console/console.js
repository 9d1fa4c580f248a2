"use strict";
// Single keys, boxes of whole pages, copying, and what is said aloud. Everything else works without this file.
(() => {
  const html = document.documentElement;
  const $ = selector => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const boxes = () => [...document.querySelectorAll("input.row")];

  // Selecting
  const count = () => {
    const all = boxes(), ticked = all.filter(box => box.checked).length, head = $("#all");
    if (head) {
      head.hidden = false;
      head.checked = ticked > 0 && ticked === all.length;
      head.indeterminate = ticked > 0 && ticked < all.length;
    }
    const said = $("#selected");
    if (said && all.some(box => !box.disabled)) {
      said.textContent = ticked === 1 ? said.dataset.one : ticked + " " + said.dataset.many;
    }
  };
  document.addEventListener("change", event => {
    if (event.target.id === "all") boxes().forEach(box => { box.checked = event.target.checked; });
    if (event.target.matches("#all, input.row")) count();
  });

  // Copying
  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(button => { button.hidden = false; });
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-copy]");
    if (button) navigator.clipboard.writeText(button.dataset.copy).then(() => {
      const label = button.querySelector(".label"), was = label.textContent;
      label.textContent = "Copied";
      setTimeout(() => { label.textContent = was; }, 2000);
    });
    const dismissed = event.target.closest("[data-dismiss]");
    if (dismissed) {
      event.preventDefault();
      dismissed.closest(".notice").remove();
      $("#main").focus();
    }
  });

  // A page that the browser keeps in memory must not show a secret again
  addEventListener("pagehide", () => document.querySelectorAll("[data-secret]").forEach(part => part.remove()));

  document.querySelectorAll("[data-copy], [data-filter]").forEach(part => { part.hidden = false; });

  // Finding boxes of a long form
  $("#filter")?.addEventListener("input", event => {
    const sought = event.target.value.trim().toLowerCase();
    let found = 0;
    document.querySelectorAll("[data-group]").forEach(group => {
      let some = false;
      group.querySelectorAll("[data-text]").forEach(box => {
        box.hidden = !box.dataset.text.toLowerCase().includes(sought);
        if (!box.hidden) { some = true; found++; }
      });
      group.hidden = !some;
    });
    $("#filtered").textContent = sought === "" ? "" : found === 1 ? "1 permission matches" : found + " permissions match";
  });
  $("#filter")?.addEventListener("keydown", event => {
    if (event.key === "Enter") event.preventDefault();
  });

  // Parts of pages
  const status = text => { const place = $("#status"); if (place) place.textContent = text; };
  let speaking;
  document.addEventListener("htmx:afterSwap", () => {
    status("");
    count();
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const place = $("#spoken"), results = $("#results");
      if (place && results && place.textContent !== results.textContent) place.textContent = results.textContent;
    }, 500);
    const title = $("#results")?.dataset.title;
    if (title) document.title = title;
  });
  document.addEventListener("htmx:beforeRequest", () => $("#list")?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", () => $("#list")?.removeAttribute("aria-busy"));
  document.addEventListener("htmx:sendError", () => status("No connection. The list is as it was."));
  document.addEventListener("htmx:responseError", event => {
    const after = event.detail.xhr.getResponseHeader("Retry-After");
    status("Roster is busy. Try again " + (after ? "in " + after + " seconds." : "in a moment."));
  });

  // Whether the session still runs
  const { watched, token } = document.body.dataset;
  if (watched) setInterval(() => fetch(watched, { cache: "no-store",
    headers: { "X-Roster-Csrf": token, "X-Roster-Looking": "true" } }).then(answer => {
    if (answer.status === 401 || answer.status === 403) location.reload();
  }, () => {}), 60000);

  // Single keys
  let led = 0;
  const go = { o: "overview", p: "people", i: "invitations", r: "roles", s: "service_accounts", k: "keys", a: "audit",
    ",": "settings", m: "me" };
  const move = by => {
    const all = rows(), at = all.findIndex(row => row.contains(document.activeElement));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.querySelector("a, summary")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const follow = selector => { const link = $(selector); if (link?.href) location.href = link.href; };
  const keys = {
    "/": () => { const field = $("#q"); field?.focus(); field?.select(); },
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement?.closest("tr[data-row]")?.querySelector("input.row")?.click(),
    "[": () => follow("#previous"),
    "]": () => follow("#next"),
    n: () => follow("a.button.main"),
    "?": () => $("#keys")?.showModal(),
  };
  document.addEventListener("keydown", event => {
    const field = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.key === "Escape" && event.target.id === "q" && event.target.value) {
      event.target.value = "";
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
      return;
    }
    if (event.key === "Escape") document.querySelectorAll("details.filters[open]").forEach(each => {
      each.open = false;
      each.querySelector("summary").focus();
    });
    if (field || html.dataset.keys === "off" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing
      || $("dialog[open]")) return;
    if (led && event.timeStamp - led < 1200 && go[event.key]) {
      follow('[data-go="' + go[event.key] + '"]');
      led = 0;
      event.preventDefault();
      return;
    }
    led = event.key === "g" ? event.timeStamp : 0;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  count();
  $("[data-focus]")?.focus();
})();
