"use strict";
(function () {
  var box = document.getElementById("q");
  var list = document.getElementById("found");
  var said = document.getElementById("said");
  var most = 40;
  var index = null;
  document.getElementById("search").hidden = false;

  function entries() {
    if (index) return index;
    var data = JSON.parse(document.getElementById("index").textContent);
    index = { words: data.words, rows: [] };
    data.branches.forEach(function (b) {
      index.rows.push({ text: b[0], more: "", href: b[1] });
    });
    data.sessions.forEach(function (s) {
      index.rows.push({ text: s[0], more: s[1], href: s[2] });
    });
    data.lecturers.forEach(function (l) {
      index.rows.push({ text: l[1], more: l[0], href: l[2] });
    });
    data.leaders.forEach(function (l) {
      index.rows.push({ text: l[1], more: l[0] + " · " + l[2], href: data.pages[l[3]] + "#l" + l[4] });
    });
    index.rows.forEach(function (row) {
      row.key = (row.text + " " + row.more).toLowerCase();
    });
    return index;
  }

  function show() {
    var wanted = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    list.textContent = "";
    said.textContent = "";
    if (!wanted.length) return;
    var all = entries();
    var found = all.rows.filter(function (row) {
      return wanted.every(function (part) { return row.key.indexOf(part) >= 0; });
    });
    found.slice(0, most).forEach(function (row) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      var more = document.createElement("span");
      link.href = row.href;
      link.textContent = row.text;
      more.textContent = row.more;
      more.className = "quiet";
      item.append(link, " ", more);
      list.append(item);
    });
    said.textContent = found.length > most
      ? all.words.many.replace("%1", most).replace("%2", found.length)
      : found.length ? all.words.some.replace("%1", found.length) : all.words.none;
  }

  function reveal() {
    var target = document.getElementById(location.hash.slice(1));
    for (var up = target; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    if (target) target.scrollIntoView();
  }

  box.addEventListener("input", show);
  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) first.click();
  });
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  if (location.hash) reveal();
})();
