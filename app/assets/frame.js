/* The program's words in the language of the page, which brings those of other languages than English along. */
window.burndownWords = (function () {
  "use strict";

  var words = JSON.parse(document.documentElement.dataset.words || "{}");

  /* Each {name} of the text is filled from `values`. */
  return function (text, values) {
    return (words[text] || text).replace(/\{(\w+)\}/g, function (place, name) {
      return values && name in values ? values[name] : place;
    });
  };
})();

/* What the frame does in the browser: draws tables, completes the address, follows links, and knows what is stale. */
(function () {
  "use strict";

  var NEWS_SECONDS = 4;
  var BUSY_MS = 300;

  function element(tag, properties, children) {
    var made = document.createElement(tag);
    Object.assign(made, properties || {});
    (children || []).forEach(function (child) {
      made.append(child);
    });
    return made;
  }

  function go(href, over) {
    if (!over && !mayLeave()) {
      return;
    }
    history[over ? "replaceState" : "pushState"]({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /* -- what a form of its own button holds, and nobody saved yet: it is asked about before it is left behind --------- */

  var FORMS = ".guarded, .inline-form, .split.mapping, .steps";
  /* Its texts are kept while other pages are looked at, so only closing loses them. */
  var KEPT = ".steps";
  var CONTROLS = "input, textarea, select";
  var forms = new Map();

  function held(field) {
    return field.type === "radio" || field.type === "checkbox" ? field.checked : field.value;
  }

  /* As a form is when a hand first comes near it, after the page was built; what is built anew is as it was saved. */
  function readForms() {
    var made = about() && about().dataset.made;
    forms.forEach(function (_read, form) {
      if (!form.isConnected) {
        forms.delete(form);
      }
    });
    document.querySelectorAll("#page :is(" + FORMS + ")").forEach(function (form) {
      if (!forms.has(form) || forms.get(form).made !== made) {
        var fields = new Map();
        form.querySelectorAll(CONTROLS).forEach(function (field) {
          fields.set(field, held(field));
        });
        forms.set(form, { made: made, fields: fields });
      }
    });
  }

  /* What is typed tells of itself; a text that was not is one that a script set, as after a change elsewhere. */
  function isTypedInto(field) {
    return field.matches("textarea, input:is([type=text], [type=password], :not([type]))") && !field.readOnly &&
      field.getAttribute("role") !== "combobox" && field.getAttribute("aria-haspopup") !== "listbox";
  }

  function isUnsaved(form, read) {
    return form.isConnected && read.made === (about() && about().dataset.made) &&
      Array.from(read.fields).some(function (one) {
        return one[0].isConnected && held(one[0]) !== one[1] &&
          (!isTypedInto(one[0]) || one[0].typedInto === builtAs());
      });
  }

  /* Its own button saves what was typed, or says why not; what is picked is as it was until the page is built anew. */
  function letGo(form) {
    form.querySelectorAll(CONTROLS).forEach(function (field) {
      delete field.typedInto;
    });
  }

  function hasUnsaved(isClosing) {
    var refused = document.querySelector("#page .weeks-said.warning");
    return Boolean(refused) || Array.from(forms).some(function (one) {
      return (isClosing || !one[0].matches(KEPT)) && isUnsaved(one[0], one[1]);
    });
  }

  function mayLeave() {
    if (hasUnsaved(false) && !window.confirm(burndownWords("What you entered here is not saved. Leave all the same?"))) {
      return false;
    }
    forms.clear();
    return true;
  }

  /* A field that is saved when it is left: in whose text the cursor stands while the window closes. */
  function isHalfTyped() {
    var field = document.activeElement;
    return field && field.matches("#page :is(input, textarea)") && field.before !== undefined && field.before !== field.value;
  }

  /* Lists open beside the page, and say by a name whose they are. */
  function leavesByList(option) {
    var list = option && option.closest("[role=listbox]");
    var owner = list && list.id && document.querySelector('[aria-controls="' + list.id + '"]');
    return owner && !owner.closest("#page");
  }

  ["pointerdown", "keydown", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, readForms, true);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("#page :is(" + FORMS + ") button.mantine-Button-root");
    if (button) {
      letGo(button.closest(FORMS));
    }
  });

  document.addEventListener("focusin", function (event) {
    event.target.before = event.target.value;
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.localName === "input") {
      event.target.before = event.target.value;
    }
  });

  document.addEventListener(
    "click",
    function (event) {
      var link = event.target.closest && event.target.closest("a[href]");
      var leaves = link
        ? isPlain(event) && !link.target && !link.hasAttribute("download") && !/^(#|\/_)/.test(link.getAttribute("href"))
        : leavesByList(event.target.closest && event.target.closest("[role=option]"));
      if (leaves && !mayLeave()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true
  );

  /* Back has gone already when it is told: who stays is put where they were. */
  window.addEventListener(
    "popstate",
    function (event) {
      if (!mayLeave()) {
        event.stopImmediatePropagation();
        history.pushState({}, "", shownAt);
      }
    },
    true
  );

  window.addEventListener("beforeunload", function (event) {
    if (!isStopped && (hasUnsaved(true) || isHalfTyped())) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  /* -- tables ------------------------------------------------------------------------------------------ */

  var LONG = 28;
  var LONG_ON_SMALL = 14;

  function cell(tag, content, isNumber) {
    var made = element(tag, { className: isNumber ? "num" : "" });
    if (Array.isArray(content)) {
      made.append(element("a", { href: content[1], textContent: content[0], className: "go" }));
      var order = tag === "th" && / ([▴▾])$/.exec(content[0]);
      if (order) {
        made.setAttribute("aria-sort", order[1] === "▴" ? "ascending" : "descending");
      }
    } else {
      made.textContent = content;
      /* Several versions or labels of an issue break their line, before the columns beside them leave the screen. */
      made.classList.toggle("long", String(content).length > LONG);
      made.classList.toggle("wraps", String(content).length > LONG_ON_SMALL);
    }
    return made;
  }

  function row(tag, cells, numeric, meanings) {
    return element("tr", {}, cells.map(function (content, at) {
      var made = cell(tag, content, numeric.indexOf(at) >= 0);
      if (meanings && meanings[at]) {
        made.replaceChildren(term(content, meanings[at]));
      }
      return made;
    }));
  }

  /* -- terms: their meaning is shown where they stand, by click, touch or key ------------------------------ */

  function term(text, meaning) {
    var made = element("button", { type: "button", className: "term", textContent: text });
    made.dataset.meaning = meaning;
    made.setAttribute("aria-expanded", "false");
    return made;
  }

  var explained = null;

  function unexplain() {
    if (explained) {
      explained.button.setAttribute("aria-expanded", "false");
      explained.button.removeAttribute("aria-describedby");
      explained.note.remove();
      explained = null;
    }
  }

  function explain(button) {
    var wasOpen = explained && explained.button === button;
    unexplain();
    if (wasOpen) {
      return;
    }
    var note = element("div", { id: "meaning", className: "meaning", textContent: button.dataset.meaning });
    note.setAttribute("role", "note");
    /* In a dialog it must lie within it, or it would be below and out of reach; else in the page's main part. */
    (button.closest("[role=dialog], main") || document.body).append(note);
    var box = button.getBoundingClientRect();
    var around = note.offsetParent ? note.offsetParent.getBoundingClientRect() : { left: 0, top: 0 };
    var left = Math.max(8, Math.min(box.left, innerWidth - note.offsetWidth - 8));
    note.style.left = left - around.left + "px";
    note.style.top = box.bottom + 4 - around.top + "px";
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-describedby", "meaning");
    explained = { button: button, note: note };
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button.term");
    if (button) {
      explain(button);
    } else if (!event.target.closest(".meaning")) {
      unexplain();
    }
  });

  /* A line over several rows stands at the head of a body of its own, for whoever hears the table. */
  function lineOver(content, width, fold) {
    var made = cell("th", content, false);
    made.className = "";
    made.colSpan = width;
    made.scope = "rowgroup";
    if (fold) {
      var link = element("a", { href: fold.href, className: "go fold" });
      link.setAttribute("aria-expanded", String(!fold.folded));
      link.setAttribute("aria-label", fold.label);
      made.prepend(link);
    }
    return element("tr", { className: "over" }, [made]);
  }

  function bodies(data) {
    var all = [element("tbody", {})];
    data.rows.forEach(function (cells, at) {
      var isLine = data.lines && data.lines.indexOf(at) >= 0;
      if (isLine && at) {
        all.push(element("tbody", {}));
      }
      all[all.length - 1].append(isLine ? lineOver(cells[0], data.head.length, cells[1]) : row("td", cells, data.numeric));
    });
    return all;
  }

  function drawTable(place) {
    var text = place.dataset.table;
    if (place.drawn === text) {
      return;
    }
    place.drawn = text;
    var data = JSON.parse(text);
    var head = data.head.some(Boolean) ? [element("thead", {}, [row("th", data.head, data.numeric, data.meanings)])] : [];
    place.replaceChildren(element("table", {}, head.concat(bodies(data))));
  }

  /* -- fields whose value goes into the address ------------------------------------------------------------ */

  function write(name, value, over) {
    var params = new URLSearchParams(location.search);
    params.delete("show");
    params.delete("page");
    if (name === "days-from" || name === "days-to") {
      var both = (params.get("days") || "").split("..");
      both[name === "days-from" ? 0 : 1] = value;
      name = "days";
      value = both[0] <= both[1] ? both.join("..") : both[1] + ".." + both[0];
    }
    if (value) {
      params.set(name, value);
    } else {
      params.delete(name);
    }
    go(location.pathname + "?" + params.toString(), over);
  }

  function drawDayField(place) {
    var data = place.dataset;
    if (place.drawn === data.value + data.max) {
      return;
    }
    place.drawn = data.value + data.max;
    var field = element("input", { type: "date", value: data.value, max: data.max || "", className: "day-input" });
    field.setAttribute("aria-label", data.label || (data.name === "days-to" ? burndownWords("To") : burndownWords("From")));
    field.addEventListener("change", function () {
      write(data.name, field.value);
    });
    place.replaceChildren(field);
  }

  var THUMB = 16;

  function showValue(place, slider, shown) {
    shown.textContent = slider.value + "\u202f" + place.dataset.unit;
    slider.setAttribute("aria-valuetext", shown.textContent);
  }

  /* The page is built anew while a hand is still at a field: what the hand did since is newer than what comes. By the
     field's name, what it was brought to and whether that is in the address yet. */
  var hands = new Map();

  function handAt(name) {
    var hand = hands.get(name);
    if (!hand || hand.path !== location.pathname) {
      hand = { path: location.pathname, value: null, timer: null, isFirst: true, isStep: false };
      hands.set(name, hand);
    }
    return hand;
  }

  /* What a hand brought the field to, as long as the address says it or is about to; else what the page brings. */
  function asLeft(data) {
    var hand = hands.get(data.name);
    if (!hand || hand.value === null || hand.path !== location.pathname) {
      return data.value;
    }
    var written = new URLSearchParams(location.search).get(data.name) || data.default || "";
    return hand.timer !== null || written === hand.value.trim() ? hand.value : data.value;
  }

  function writeSoon(data, value, wait, over) {
    var hand = handAt(data.name);
    hand.value = value;
    hand.isStep = hand.isStep || hand.isFirst || !over;
    hand.isFirst = false;
    clearTimeout(hand.timer);
    hand.timer = setTimeout(function () {
      hand.timer = null;
      if (hand.path === location.pathname) {
        write(data.name, value.trim() === (data.default || "") ? "" : value.trim(), !hand.isStep);
        hand.isStep = false;
      }
    }, wait);
  }

  /* A slider: what it is dragged over goes into the address while it is dragged, as one step for Back. */
  function drawRangeField(place) {
    var data = place.dataset;
    if (!place.firstChild) {
      var label = element("label", {});
      var shown = element("output", {});
      var slider = element("input", { type: "range", min: data.min, max: data.max, step: data.step });
      label.append(element("span", {}), shown, slider);
      slider.addEventListener("input", function () {
        showValue(place, slider, shown);
        writeSoon(place.dataset, slider.value, 60, true);
      });
      slider.addEventListener("change", function () {
        /* One that is taken away says so too, with the hand still on. */
        if (!slid) {
          handAt(place.dataset.name).isFirst = true;
        }
      });
      place.append(label);
    }
    var field = place.querySelector("input");
    var state = [data.value, data.max, data.label, data.unit].join("|");
    // Writing what is there already would call this again without end.
    if (place.drawn === state) {
      return;
    }
    place.drawn = state;
    place.querySelector("span").textContent = data.label;
    /* The label's own control is the output, which stands before the slider. */
    field.setAttribute("aria-label", data.label);
    field.max = data.max;
    field.value = asLeft(data);
    showValue(place, field, place.querySelector("output"));
  }

  /* The browser lets go of a slider that is built anew under the hand: the next one goes on where it was. */
  var slid = null;

  document.addEventListener("pointerdown", function (event) {
    var place = event.target.matches && event.target.matches("input[type=range]") && event.target.closest(".range-field");
    slid = place ? { slider: event.target, name: place.dataset.name } : null;
  }, true);

  document.addEventListener("pointermove", function (event) {
    if (!slid || !event.buttons || slid.slider.isConnected) {
      return;
    }
    var slider = document.querySelector('.range-field[data-name="' + slid.name + '"] input');
    if (slider) {
      var box = slider.getBoundingClientRect();
      var share = (event.clientX - box.left - THUMB / 2) / (box.width - THUMB);
      slider.value = Number(slider.min) + Math.max(0, Math.min(1, share)) * (slider.max - slider.min);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, true);

  document.addEventListener("pointerup", function () {
    if (slid) {
      handAt(slid.name).isFirst = true;
    }
    slid = null;
  }, true);

  function drawSearchField(place) {
    var data = place.dataset;
    var old = place.firstChild;
    if (old) {
      if (document.activeElement !== old) {
        old.value = asLeft(data);
      }
      return;
    }
    var field = element("input", { type: "search", value: asLeft(data), placeholder: data.label, className: "search-input" });
    field.setAttribute("aria-label", data.label);
    field.addEventListener("input", function () {
      writeSoon(place.dataset, field.value, 250, false);
    });
    place.append(field);
  }

  /* -- the filter: a field, its values; each puts a condition into the address or takes it out -------------- */

  function toggled(condition) {
    var params = new URLSearchParams(location.search);
    var kept = params.getAll("where").filter(function (one) {
      return one !== condition;
    });
    var isNew = kept.length === params.getAll("where").length;
    params.delete("where");
    params.delete("show");
    params.delete("page");
    kept.concat(isNew ? [condition] : []).forEach(function (one) {
      params.append("where", one);
    });
    return location.pathname + "?" + params.toString();
  }

  function drawFilter(place) {
    if (place.drawn === place.dataset.fields || !place.parentNode.open) {
      return;
    }
    var asked = place.dataset.fields;
    place.drawn = asked;
    fetch(asked, { headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.json();
      })
      .then(function (fields) {
        if (place.dataset.fields === asked) {
          offerFields(place, fields);
        }
      })
      .catch(gone);
  }

  function offerFields(place, fields) {
    var chooser = element("select", { className: "day-input" }, fields.map(function (field) {
      return element("option", { value: field.name, textContent: field.label });
    }));
    chooser.setAttribute("aria-label", burndownWords("Field"));
    var operator = element("select", { className: "day-input" }, [
      element("option", { value: "=", textContent: burndownWords("is") }),
      element("option", { value: "!=", textContent: burndownWords("is not") }),
      element("option", { value: "~", textContent: burndownWords("contains") }),
      element("option", { value: "!~", textContent: burndownWords("does not contain") }),
    ]);
    operator.setAttribute("aria-label", burndownWords("How it is compared"));
    var words = element("input", { type: "search", className: "search-input", placeholder: burndownWords("Value, or words to look for") });
    words.setAttribute("aria-label", burndownWords("Value, or words to look for"));
    var list = element("div", { className: "commands" });

    function offer() {
      var chosen = new URLSearchParams(location.search).getAll("where");
      var field = fields.filter(function (one) {
        return one.name === chooser.value;
      })[0];
      var text = words.value.trim().toLowerCase();
      var fitting = (field ? field.values : []).filter(function (pair) {
        return pair[0].toLowerCase().indexOf(text) >= 0;
      });
      var isPart = operator.value.indexOf("~") >= 0;
      var empty = [["", burndownWords("empty")]];
      var offered = isPart ? [] : fitting.slice(0, 40).concat(text ? [] : empty);
      if (isPart && text) {
        offered = [[words.value.trim(), ""]];
      }
      var links = offered.map(function (pair) {
        var condition = chooser.value + operator.value + pair[0];
        var mark = chosen.indexOf(condition) >= 0 ? "✓ " : "";
        return element("a", { href: toggled(condition), textContent: mark + pair[0] + "  " + pair[1], className: "go" });
      });
      if (text && !isPart) {
        links.push(element("a", { href: toggled("text~" + words.value.trim()), textContent: burndownWords("Text with “{words}”", { words: words.value.trim() }), className: "go" }));
      }
      list.replaceChildren.apply(list, links);
    }

    chooser.addEventListener("change", offer);
    operator.addEventListener("change", offer);
    words.addEventListener("input", offer);
    place.replaceChildren(chooser, operator, words, list);
    offer();
    chooser.focus();
  }

  document.addEventListener("toggle", function (event) {
    var place = event.target.querySelector && event.target.querySelector("[data-fields]");
    if (place) {
      drawFilter(place);
    }
  }, true);

  function lastMonth() {
    var to = new Date();
    var from = new Date(to.getTime() - 30 * 86400000);
    return from.toISOString().slice(0, 10) + ".." + to.toISOString().slice(0, 10);
  }

  /* -- the page tells of itself ---------------------------------------------------------------------------- */

  var shownPath = null;
  var shownAt = location.href;
  var completed = null;
  /* What this window asked for itself is no news: the revision after it is the one that is known. */
  var made = null;
  var known = null;
  var hasAsked = false;

  function about() {
    return document.getElementById("about");
  }

  function readAbout() {
    var told = about();
    if (!told) {
      return;
    }
    if (document.title !== told.dataset.title) {
      document.title = told.dataset.title;
    }
    var address = told.dataset.address;
    if (address && address !== completed) {
      completed = address;
      var wanted = new URL(address, location.href);
      if (wanted.search !== location.search && !new URLSearchParams(location.search).has("show")) {
        history.replaceState(history.state, "", address);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      } else if (wanted.pathname !== location.pathname) {
        history.replaceState(history.state, "", address);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      }
    }
    if (told.dataset.made !== made) {
      made = told.dataset.made;
      known = told.dataset.revision;
      hasAsked = false;
      /* Whatever was offered to be shown is shown by now. */
      bar("news", []);
    }
    var path = location.pathname;
    if (shownPath !== null && shownPath !== path) {
      unexplain();
      forgetOffer();
      window.scrollTo(0, 0);
      document.getElementById("page").focus({ preventScroll: true });
    }
    shownPath = path;
    shownAt = location.href;
    toPlace();
  }

  /* The part of a page that a link names: its first field is what is wanted there. */
  var place = null;
  function toPlace() {
    var name = location.hash.slice(1);
    var part = name && document.getElementById(name);
    if (!part || place === location.href) {
      return;
    }
    place = location.href;
    part.scrollIntoView({ block: "center" });
    var field = part.querySelector("input, button");
    if (field) {
      field.focus({ preventScroll: true });
    }
  }

  /* -- the offer to take back: it can be closed, and who goes on to another page is done with it ----------- */

  var OFFERED_MS = 5000;
  var offered = 0;

  function closeOffer() {
    document.getElementById("undo-bar").hidden = true;
  }

  function forgetOffer() {
    /* What was done may itself have led to the page. */
    if (Date.now() - offered > OFFERED_MS) {
      closeOffer();
    }
  }

  function readOffer(box) {
    var said = box.querySelector("[data-offer]");
    var offer = said && said.dataset.offer;
    if (offer && box.shown !== offer) {
      box.shown = offer;
      box.hidden = false;
      offered = Date.now();
    }
  }

  /* -- the report: which sections, then look at it or keep it ------------------------------------------- */

  function drawReportField(place) {
    if (place.drawn === place.dataset.report) {
      return;
    }
    place.drawn = place.dataset.report;
    var data = JSON.parse(place.dataset.report);
    var boxes = data.sections.map(function (one) {
      return element("input", { type: "checkbox", value: one[0], checked: one[2] });
    });
    var titles = element("input", { type: "checkbox", checked: true });

    function made(then) {
      var address = new URL(data.address, location.origin);
      boxes.forEach(function (box) {
        if (box.checked) {
          address.searchParams.append("section", box.value);
        }
      });
      if (!titles.checked) {
        address.searchParams.set("summaries", "no");
      }
      fetch(address)
        .then(function (answer) {
          return answer.ok ? answer.blob() : Promise.reject(new Error(answer.status));
        })
        .then(function (content) {
          then(URL.createObjectURL(content));
        })
        .catch(function () {
          say(burndownWords("The report could not be made."));
        });
    }

    var preview = element("button", { className: "text-button", textContent: burndownWords("Preview") });
    preview.addEventListener("click", function () {
      made(function (there) {
        window.open(there, "_blank");
      });
    });
    var keep = element("button", { className: "text-button", textContent: burndownWords("Save") });
    keep.addEventListener("click", function () {
      made(function (there) {
        download(there, (data.name || "report").replace(/[^\p{L}\p{N} ._-]+/gu, " ").trim() + ".html");
        URL.revokeObjectURL(there);
      });
    });
    var rows = data.sections.map(function (one, at) {
      return element("label", {}, [boxes[at], " " + one[1]]);
    });
    rows.push(element("label", {}, [titles, burndownWords(" Titles of issues")]));
    var choices = element("div", { className: "report-sections" }, rows);
    place.replaceChildren(choices, element("div", { className: "report-do" }, [preview, keep]));
  }

  /* -- on paper: always light, and project, day and page number on each page ------------------------------ */

  var SCHEME = "data-mantine-color-scheme";
  var schemeBefore = null;
  var paper = null;

  /* What is changed meanwhile, as by the system's own evening, holds afterwards. */
  var lit = new MutationObserver(function () {
    var scheme = document.documentElement.getAttribute(SCHEME);
    if (paper && scheme !== "light") {
      schemeBefore = scheme;
      document.documentElement.setAttribute(SCHEME, "light");
    }
  });

  function quoted(text) {
    return '"' + text.replace(/[^\p{L}\p{N} ]/gu, function (one) {
      return "\\" + one.codePointAt(0).toString(16) + " ";
    }) + '"';
  }

  window.addEventListener("beforeprint", function () {
    /* Some browsers say so once for the preview and once for the paper. */
    if (paper) {
      return;
    }
    schemeBefore = document.documentElement.getAttribute(SCHEME);
    document.documentElement.setAttribute(SCHEME, "light");
    lit.observe(document.documentElement, { attributes: true, attributeFilter: [SCHEME] });
    /* A chart that is wider than the page gets smaller as a whole. */
    document.querySelectorAll(".js-plotly-plot .main-svg").forEach(function (layer) {
      layer.setAttribute("viewBox", "0 0 " + layer.getAttribute("width") + " " + layer.getAttribute("height"));
    });
    var told = about();
    var words = told && told.dataset.paper ? told.dataset.paper : document.title;
    paper = element("style", {
      textContent: "@page { @bottom-left { content: " + quoted(words) + " } }",
    });
    document.head.append(paper);
  });

  window.addEventListener("afterprint", function () {
    lit.disconnect();
    if (schemeBefore === null) {
      document.documentElement.removeAttribute(SCHEME);
    } else {
      document.documentElement.setAttribute(SCHEME, schemeBefore);
    }
    if (paper) {
      paper.remove();
      paper = null;
    }
  });

  /* -- lists that can be put in order: what is let go is told to the component that the list names ----------- */

  var dragged = null;

  function lineAt(event) {
    var list = event.target.closest && event.target.closest("[data-sortable]");
    return list ? event.target.closest("li[draggable=true]") : null;
  }

  document.addEventListener("dragstart", function (event) {
    dragged = lineAt(event);
    if (dragged) {
      dragged.from = Array.prototype.indexOf.call(dragged.parentNode.children, dragged);
      dragged.before = dragged.nextSibling;
      dragged.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.at);
    }
  });

  document.addEventListener("dragover", function (event) {
    var over = lineAt(event);
    if (!dragged || !over || over.parentNode !== dragged.parentNode) {
      return;
    }
    event.preventDefault();
    var box = over.getBoundingClientRect();
    over.parentNode.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });

  document.addEventListener("drop", function (event) {
    if (dragged && lineAt(event)) {
      event.preventDefault();
    }
  });

  document.addEventListener("dragend", function () {
    var line = dragged;
    dragged = null;
    if (!line) {
      return;
    }
    line.classList.remove("dragged");
    var by = Array.prototype.indexOf.call(line.parentNode.children, line) - line.from;
    /* Back to where the page's own library believes it to be: the new order comes with the answer. */
    line.parentNode.insertBefore(line, line.before);
    if (by) {
      window.dash_clientside.set_props(line.parentNode.dataset.sortable, {
        data: { at: Number(line.dataset.at), by: by, when: Date.now() },
      });
    }
  });

  /* On a phone the tabs are wider than the screen: the one that is open is moved into sight, the page stays. */
  function showTab(tabs) {
    var here = tabs.querySelector("a.here");
    if (here && (tabs.shown !== here || tabs.shownAt !== tabs.clientWidth)) {
      tabs.shown = here;
      tabs.shownAt = tabs.clientWidth;
      tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
    }
  }

  /* The component library heads its dialogs with a header element, which would count as a second banner of the page. */
  function headDialog(header) {
    header.setAttribute("role", "presentation");
  }

  window.addEventListener("resize", function () {
    document.querySelectorAll(".tabs").forEach(showTab);
  });

  /* -- where the keyboard was, it goes on: a part that is built anew has lost it ------------------------------------ */

  var FOCUSABLE = "a[href], button, summary, input, select, textarea";
  var WRITTEN = "textarea, input:is([type=text], [type=search], [type=password], :not([type]))";
  var focused = null;
  /* Where one was before the offer to take back came to hand: who takes it, or closes it, goes on there. */
  var beforeOffer = null;

  document.addEventListener("focusin", function (event) {
    var around = event.target.closest("#undo-bar, #page, header");
    var place = around && (around.id || around.localName);
    if (place === "undo-bar" && !(focused && focused.place === place)) {
      beforeOffer = focused;
    }
    focused = event.target.matches(FOCUSABLE)
      ? { part: event.target, path: location.pathname, caret: null, place: place }
      : null;
  }, true);

  /* Who comes into a list that is searched types in place of the name that stands there, and not into it. */
  var atHand = null;
  document.addEventListener("pointerdown", function () {
    atHand = document.activeElement;
  }, true);

  var SEARCHED = 'input[aria-haspopup="listbox"]:not([readonly])';

  document.addEventListener("click", function (event) {
    var field = event.target;
    var isSearched = field.matches && field.matches(SEARCHED);
    if (isSearched && field !== atHand && field.selectionStart === field.selectionEnd) {
      field.select();
    }
  });

  /* An empty field for a day is clicked to choose one: its calendar opens, and closes once a day is typed. */
  function calendarOf(field) {
    var box = field.matches && field.matches("#page input") && field.closest(".mantine-Input-wrapper");
    return box ? box.querySelector('[aria-haspopup="dialog"]') : null;
  }

  document.addEventListener("click", function (event) {
    var opener = event.target.value === "" ? calendarOf(event.target) : null;
    if (opener) {
      event.target.hasCalendar = true;
      opener.click();
    }
  });

  /* Once: it takes a moment to go, and another click would bring it back. */
  document.addEventListener("input", function (event) {
    var opener = event.target.hasCalendar ? calendarOf(event.target) : null;
    event.target.hasCalendar = false;
    if (opener && document.querySelector(".mantine-Popover-dropdown")) {
      opener.click();
    }
  });

  /* Enter takes the first of what was searched for, where the arrows chose none. */
  document.addEventListener("keydown", function (event) {
    var field = event.target;
    if (event.key !== "Enter" || !field.matches(SEARCHED) || field.before === field.value) {
      return;
    }
    var list = document.getElementById(field.getAttribute("aria-controls"));
    var first = list && list.querySelector("[role=option]");
    if (first && !list.querySelector("[data-combobox-selected]")) {
      event.preventDefault();
      event.stopPropagation();
      first.click();
    }
  }, true);

  document.addEventListener("input", function (event) {
    if (focused && focused.part === event.target && event.target.matches(WRITTEN)) {
      focused.caret = event.target.selectionStart;
    }
  }, true);

  /* The name that a person is told of it, or its words; fields that have neither have an id. */
  function isNamedAs(part) {
    var label = part.getAttribute("aria-label");
    return function (other) {
      if (label || part.id) {
        return label ? other.getAttribute("aria-label") === label : other.id === part.id;
      }
      return wordsOf(part) === wordsOf(other) && part.pathname === other.pathname && part.hash === other.hash;
    };
  }

  /* To the part, or to what stands there of its name now; false where there is none. */
  function goOnAt(was) {
    /* A list opens where its field comes into focus, and a keyboard on the screen. */
    var isOpening = was.part.getAttribute("aria-haspopup") === "listbox" && !was.part.readOnly;
    var isOnScreen = was.part.matches(WRITTEN) && window.matchMedia("(pointer: coarse)").matches;
    if (isOpening || isOnScreen) {
      return false;
    }
    var others = Array.from(document.querySelectorAll(was.part.localName));
    var now = was.part.isConnected ? was.part : others.find(isNamedAs(was.part));
    if (!now) {
      return false;
    }
    now.focus({ preventScroll: true });
    if (was.caret !== null && now.value) {
      now.setSelectionRange(was.caret, was.caret);
    }
    return document.activeElement === now;
  }

  function goOnAtPage() {
    document.getElementById("page").focus({ preventScroll: true });
  }

  function goOnAfterOffer() {
    if (!beforeOffer || beforeOffer.path !== location.pathname || !goOnAt(beforeOffer)) {
      goOnAtPage();
    }
  }

  function keepFocus() {
    var was = focused;
    if (!was || was.part.isConnected) {
      return;
    }
    focused = null;
    if (document.activeElement !== document.body || was.path !== location.pathname || goOnAt(was)) {
      return;
    }
    if (was.place === "undo-bar") {
      goOnAfterOffer();
    } else if (was.place) {
      goOnAtPage();
    }
  }

  /* One that cannot be drawn leaves the others as they should be. */
  function drawEach(selector, draw) {
    document.querySelectorAll(selector).forEach(function (place) {
      try {
        draw(place);
      } catch (problem) {
        console.error(problem);
      }
    });
  }

  function look() {
    drawEach(".mantine-Drawer-header, .mantine-Modal-header", headDialog);
    drawEach("[data-report]", drawReportField);
    drawEach("[data-table]", drawTable);
    drawEach(".day-field", drawDayField);
    drawEach(".search-field", drawSearchField);
    drawEach(".range-field", drawRangeField);
    drawEach(".tabs", showTab);
    drawEach("#undo-bar", readOffer);
    readAbout();
    keepFocus();
  }

  /* On a machine that is busy with other things a page was seen once whose fields and tables had stayed empty. */
  setInterval(function () {
    if (document.querySelector("[data-table]:empty, .day-field:empty, .search-field:empty, .range-field:empty")) {
      look();
    }
  }, 1000);

  var waiting = false;
  new MutationObserver(function () {
    if (!waiting) {
      waiting = true;
      queueMicrotask(function () {
        waiting = false;
        look();
      });
    }
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-table", "data-value", "data-title", "data-address", "data-offer"],
  });

  /* -- clicks ------------------------------------------------------------------------------------------ */

  function isPlain(event) {
    return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  }

  /* Plotly reads some markup in its texts; a name is text alone. */
  function asText(words) {
    return words.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  }

  /* Whoever is handed a picture sees of which work it is, and as of when. */
  function titleOf() {
    var told = about();
    var source = told && told.dataset.source ? told.dataset.source : "";
    return { text: asText(document.title), subtitle: { text: asText(source), font: { size: 14, color: "#555" } } };
  }

  function graphOf(button) {
    var place = button.figure || button.closest("section");
    return place && place.querySelector(".js-plotly-plot");
  }

  function picture(button) {
    var graph = graphOf(button);
    if (!graph) {
      return;
    }
    var light = { paper_bgcolor: "#fff", plot_bgcolor: "#fff", width: 1200, height: 630, showlegend: true };
    var layout = Object.assign({}, graph.layout, light);
    layout.font = Object.assign({}, layout.font, { color: "#333" });
    layout.margin = { l: 60, r: 40, t: 84, b: 60 };
    layout.title = titleOf();
    Promise.resolve(window.Plotly)
      .then(function (plotly) {
        return plotly.toImage({ data: graph.data, layout: layout }, { format: "svg", width: 1200, height: 630 });
      })
      .then(function (svg) {
        save(svg, button.dataset.picture, button.dataset.name);
      });
  }

  /* -- the page's charts in the menu to pass on: its own buttons and these make the same pictures -------------- */

  function pictureButton(figure, kind) {
    var made = element("button", { type: "button", className: "text-button", textContent: kind.toUpperCase(), figure: figure });
    made.dataset.picture = kind;
    made.dataset.name = figure.dataset.chart;
    return made;
  }

  function waysOut(figure, isOnly) {
    var name = isOnly ? burndownWords("This chart") : figure.dataset.heading;
    var ways = ["png", "svg"].map(pictureButton.bind(null, figure));
    if (figure.dataset.csv) {
      ways.push(element("a", { href: figure.dataset.csv, textContent: "CSV", download: "" }));
    }
    var line = element("div", { className: "share-chart" }, [element("span", { textContent: name + ":" })].concat(ways));
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", name);
    return line;
  }

  function offerCharts(menu) {
    var figures = Array.prototype.filter.call(document.querySelectorAll("main figure[data-chart]"), function (figure) {
      return figure.offsetParent;
    });
    menu.querySelector(".share-charts").replaceChildren.apply(
      menu.querySelector(".share-charts"),
      figures.map(function (figure) {
        return waysOut(figure, figures.length === 1);
      })
    );
  }

  document.addEventListener("toggle", function (event) {
    if (event.target.open && event.target.querySelector && event.target.querySelector(":scope > .menu-body > .share-charts")) {
      offerCharts(event.target);
    }
  }, true);

  function save(svg, kind, name) {
    if (kind === "svg") {
      download(svg, name + ".svg");
      return;
    }
    var image = new Image();
    image.onload = function () {
      var canvas = element("canvas", { width: 2400, height: 1260 });
      canvas.getContext("2d").drawImage(image, 0, 0, 2400, 1260);
      download(canvas.toDataURL("image/png"), name + ".png");
    };
    image.src = svg;
  }

  function download(address, name) {
    var link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  }

  /* Fetched and not followed: what a link asks for cannot show the key that our requests carry. */
  function fetchFile(address) {
    fetch(address)
      .then(function (answer) {
        return answer.blob();
      })
      .then(function (content) {
        var there = URL.createObjectURL(content);
        var path = address.split("?")[0].split("/");
        download(there, path.pop() + (path.pop() === "_ics" ? ".ics" : ".csv"));
        URL.revokeObjectURL(there);
      });
  }

  function say(text) {
    var box = document.getElementById("said") || element("div", { id: "said", role: "status" });
    document.body.append(box);
    box.replaceChildren(element("span", { textContent: text }));
    setTimeout(function () {
      box.replaceChildren();
    }, 4000);
  }

  /* As text that a spreadsheet parts into cells: the table beside the button. */
  /* As in our CSV: what a spreadsheet would run as a formula begins with an apostrophe; an amount stays one. */
  function disarmed(text) {
    return /^([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![\d.,\s]*( ?%| \p{L}+)?$))/u.test(text) ? "'" + text : text;
  }

  function copyTable(button) {
    var table = button.closest("details, section, .issues-page, .page").querySelector("table");
    if (!table) {
      return;
    }
    var lines = Array.prototype.map.call(table.rows, function (line) {
      return Array.prototype.map.call(line.cells, function (one) {
        return disarmed(one.innerText.replace(/\s+/g, " ").trim());
      }).join("\t");
    });
    navigator.clipboard.writeText(lines.join("\n")).then(function () {
      say(burndownWords("Copied."));
    });
  }

  var doing = {
    print: function () {
      closeMenus();
      window.print();
    },
    keys: showKeys,
  };

  function closeMenus(but) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== but) {
        menu.open = false;
      }
    });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.go");
    if (link && isPlain(event)) {
      event.preventDefault();
      go(link.getAttribute("href"));
    }
    var table = event.target.closest('a[href^="/_csv/"], a[href^="/_ics/"]');
    if (table && isPlain(event)) {
      event.preventDefault();
      fetchFile(table.getAttribute("href"));
    }
    if (event.target.closest("[data-close-offer]")) {
      closeOffer();
      goOnAfterOffer();
    }
    var copied = event.target.closest("[data-copy-table]");
    if (copied) {
      copyTable(copied);
    }
    var button = event.target.closest("[data-picture], [data-copy], [data-do]");
    if (button && button.dataset.picture) {
      picture(button);
    } else if (button && button.dataset.copy) {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        say(burndownWords("Copied."));
      });
    } else if (button) {
      doing[button.dataset.do]();
    }
    closeMenus(event.target.closest("details.menu"));
    if (event.target.closest("details.menu .menu-body a")) {
      closeMenus();
    }
  });

  /* -- a click on what is built anew between press and release: the browser tells nobody of it ------------------ */

  var PRESSABLE = "a[href], button, summary";
  var NEAR = 6;
  var pressed = null;

  /* Without what is only for a screen reader, such as which page this is, and without the signs of what is chosen. */
  function wordsOf(part) {
    return Array.from(part.childNodes)
      .filter(function (node) {
        return node.className !== "unseen";
      })
      .map(function (node) {
        return node.textContent;
      })
      .join("")
      .replace(/^✓ | [▴▾]$/g, "");
  }

  function isSame(before, now) {
    var isAlike = before.localName === now.localName && before.pathname === now.pathname && before.hash === now.hash;
    return isAlike && (wordsOf(before) === wordsOf(now) || Boolean(before.search && before.search === now.search));
  }

  document.addEventListener("mousedown", function (event) {
    var part = isPlain(event) && event.target.closest ? event.target.closest(PRESSABLE) : null;
    pressed = part && { part: part, x: event.clientX, y: event.clientY };
  }, true);

  document.addEventListener("mouseup", function (event) {
    var was = pressed;
    pressed = null;
    if (!was || was.part.isConnected || Math.hypot(event.clientX - was.x, event.clientY - was.y) > NEAR) {
      return;
    }
    var now = event.target.closest && event.target.closest(PRESSABLE);
    if (now && isSame(was.part, now)) {
      now.click();
    }
  }, true);

  /* -- keys and the palette ---------------------------------------------------------------------------- */

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function dialog(title, content) {
    /* One at a time: another key replaces what the key before opened. */
    document.querySelectorAll("dialog.palette[open]").forEach(function (open) {
      open.close();
    });
    var box = element("dialog", { className: "palette" }, content);
    box.setAttribute("aria-label", title);
    box.addEventListener("close", function () {
      box.remove();
    });
    box.addEventListener("click", function (event) {
      if (event.target === box) {
        box.close();
      }
    });
    document.body.append(box);
    box.showModal();
    return box;
  }

  var KEYS = [
    ["1 … 7", burndownWords("the pages, in their order")],
    ["/", burndownWords("search the issues")],
    ["f", burndownWords("what is looked at: the bar")],
    ["?", burndownWords("these keys")],
    ["← →", burndownWords("from point to point of a chart; Enter opens what is behind one")],
    ["Ctrl K", burndownWords("go to a page or a work list by its name")],
    ["Esc", burndownWords("close what is open")],
  ];

  function showKeys() {
    closeMenus();
    var lines = KEYS.map(function (pair) {
      return element("div", {}, [element("dt", { textContent: pair[0] }), element("dd", { textContent: pair[1] })]);
    });
    dialog(burndownWords("Keys"), [element("h2", { textContent: burndownWords("Keys") }), element("dl", { className: "glossary" }, lines)]);
  }

  /* What is offered below a field is gone through with the arrows, and taken with Enter; the text stays where it is. */
  function throughOffers(field, list) {
    var at = 0;

    function mark(to) {
      var links = list.querySelectorAll("a");
      at = links.length ? (to + links.length) % links.length : 0;
      links.forEach(function (link, place) {
        link.id = list.id + "-" + place;
        link.setAttribute("role", "option");
        link.setAttribute("aria-selected", String(place === at));
      });
      if (links.length) {
        field.setAttribute("aria-activedescendant", links[at].id);
        links[at].scrollIntoView({ block: "nearest" });
      } else {
        field.removeAttribute("aria-activedescendant");
      }
    }

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-controls", list.id);
    list.setAttribute("role", "listbox");
    field.addEventListener("keydown", function (event) {
      var links = list.querySelectorAll("a");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && links[at]) {
        links[at].click();
      }
    });
    return mark;
  }

  function showPalette() {
    var told = about();
    var commands = told ? JSON.parse(told.dataset.commands) : [];
    var field = element("input", { type: "search", className: "search-input", placeholder: burndownWords("Where to?") });
    field.setAttribute("aria-label", burndownWords("Page or work list"));
    var list = element("div", { className: "commands", id: "offers" });
    list.setAttribute("aria-label", burndownWords("Go to"));
    var none = element("p", { className: "quiet", textContent: burndownWords("Nothing has this name.") });
    none.setAttribute("role", "status");
    var box = dialog(burndownWords("Go to"), [field, list, none]);
    var mark = throughOffers(field, list);

    function offer() {
      var words = field.value.toLowerCase().split(/\s+/);
      var fitting = commands.filter(function (command) {
        return words.every(function (word) {
          return command[0].toLowerCase().indexOf(word) >= 0;
        });
      });
      list.replaceChildren.apply(list, fitting.slice(0, 12).map(function (command) {
        return element("a", { href: command[1], textContent: command[0], className: "go", tabIndex: -1 });
      }));
      none.hidden = fitting.length > 0;
      mark(0);
    }

    field.addEventListener("input", offer);
    box.addEventListener("click", function (event) {
      if (event.target.closest("a")) {
        box.close();
      }
    });
    offer();
    field.focus();
  }

  function toSearch() {
    var field = document.querySelector(".search-input");
    /* Where another page is on its way, the field is that of the page that goes. */
    if (field && location.pathname.indexOf("/issues") === 0) {
      field.focus();
      return;
    }
    var link = document.querySelector('#nav a[href^="/issues"]');
    if (link) {
      link.click();
      setTimeout(toSearch, 400);
    }
  }

  /* Open, at its first field; once it was drawn it is not drawn again. Without a filter, the first choice of the bar. */
  function toFilter() {
    var filter = document.querySelector("#bar details.filter");
    if (!filter) {
      var first = document.querySelector("#bar input, #bar a");
      if (first) {
        first.focus();
      }
      return;
    }
    filter.open = true;
    var field = filter.querySelector("select");
    if (field) {
      field.focus();
    }
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showPalette();
      return;
    }
    if (event.key === "Escape") {
      /* Who was in it goes on at what opens it. */
      var menu = document.activeElement && document.activeElement.closest("details.menu[open]");
      closeMenus();
      if (menu) {
        menu.querySelector("summary").focus();
      }
      unexplain();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    var links = document.querySelectorAll("#nav > a");
    if (event.key >= "1" && event.key <= "7" && links[event.key - 1]) {
      links[event.key - 1].click();
    } else if (event.key === "/") {
      event.preventDefault();
      toSearch();
    } else if (event.key === "?") {
      showKeys();
    } else if (event.key === "f") {
      event.preventDefault();
      toFilter();
    }
  });

  /* -- the points of a chart: their script comes with the first key --------------------------------------- */

  var POINT_KEYS = ["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Enter"];

  function isPoints(part) {
    return part.matches && part.matches(".chart-points");
  }

  document.addEventListener("keydown", function (event) {
    if (isPoints(event.target) && POINT_KEYS.indexOf(event.key) >= 0) {
      event.preventDefault();
      import("/assets/later/points.js").then(function (points) {
        points.key(event);
      });
    }
  });

  document.addEventListener("focusout", function (event) {
    if (isPoints(event.target) && event.target.nextElementSibling.textContent) {
      import("/assets/later/points.js").then(function (points) {
        points.leave(event.target);
      });
    }
  });

  /* -- is it still true, and is the program there? ------------------------------------------------------ */

  var isGone = false;
  var isStopped = false;
  var refused = null;
  var ask = window.fetch;
  window.fetch = function (address, options) {
    var isPart = String(address).indexOf("_dash-update-component") >= 0;
    var answer = isPart ? ask.call(this, address, ofItsPage(options)) : ask.apply(this, arguments);
    hasAsked = hasAsked || isPart;
    if (!isPart) {
      return answer;
    }
    waits(1);
    answer.then(waits.bind(null, -1), waits.bind(null, -1));
    var asker = builtFor();
    return answer.then(function (late) {
      return forItsPage(late, asker);
    });
  };

  /* -- a late answer fills no page of another address: pages of one kind have parts of the same names ----- */

  /* What stands around whichever page is open. */
  var AROUND = [
    "theme", "changed", "watched", "built", "ready", "spoken", "tick", "toasts", "share", "gear", "pickers", "nav", "bar",
    "strip", "page", "undo-bar", "panel", "panel-body",
  ];

  /* The address that the page was built for, but for a number opened on it; null before there is one. */
  function builtFor() {
    try {
      var mark = window.dash_component_api.getLayout("built").props.data;
      return mark.slice(0, mark.lastIndexOf(" "));
    } catch (problem) {
      return null;
    }
  }

  /* What is done on a page while the next one is on its way is done to what the page shows, whatever the address says by
     then. Who builds pages is told the address itself. */
  function ofItsPage(options) {
    var built = builtFor();
    var body = options && options.body;
    if (built === null || typeof body !== "string" || body.indexOf('"url"') < 0) {
      return options;
    }
    var request = JSON.parse(body);
    var isUrl = function (each) {
      return each && each.id === "url";
    };
    var search = (request.state || []).filter(isUrl).find(function (each) {
      return each.property === "search";
    });
    if (!search || (request.inputs || []).some(isUrl) || !isElsewhere(search.value, built)) {
      return options;
    }
    var cut = built.indexOf("?");
    request.state.filter(isUrl).forEach(function (each) {
      each.value = each.property === "search" ? built.slice(cut) : each.property === "pathname" ? built.slice(0, cut) : each.value;
    });
    return Object.assign({}, options, { body: JSON.stringify(request) });
  }

  /* Whether both name a work list, and not the same one. */
  function isElsewhere(search, built) {
    var there = new URLSearchParams(search || "");
    var here = new URLSearchParams(built.slice(built.indexOf("?")));
    return ["profile", "query"].some(function (name) {
      return there.get(name) && here.get(name) && there.get(name) !== here.get(name);
    });
  }

  /* Judged when it is taken in: a page that is built meanwhile is not filled either. */
  function forItsPage(answer, asker) {
    var read = answer.json.bind(answer);
    answer.json = function () {
      return read().then(function (told) {
        return asker === null || builtFor() === asker ? told : withoutParts(told);
      });
    };
    return answer;
  }

  /* Nobody is led away from where they went since either. A file that was asked for is handed over. */
  function withoutParts(told) {
    ["response", "sideUpdate"].forEach(function (kind) {
      Object.keys(told[kind] || {}).forEach(function (name) {
        if (AROUND.indexOf(name) < 0 && !/-download$/.test(name)) {
          delete told[kind][name];
        }
      });
    });
    return told;
  }

  /* What is not there in a moment says that it is on its way. */
  var waiting = 0;
  var sign = null;
  function waits(more) {
    waiting += more;
    if (waiting && sign === null) {
      sign = setTimeout(function () {
        document.documentElement.dataset.busy = "true";
      }, BUSY_MS);
    } else if (!waiting) {
      clearTimeout(sign);
      sign = null;
      delete document.documentElement.dataset.busy;
    }
  }

  function bar(id, content) {
    var box = document.getElementById(id);
    if (!content.length) {
      if (box) {
        box.remove();
      }
      return;
    }
    if (!box) {
      box = element("div", { id: id, className: "news" });
      box.setAttribute("role", "alert");
      document.body.append(box);
      box.replaceChildren.apply(box, content);
    }
  }

  function renew() {
    bar("news", []);
    window.dash_clientside.set_props("changed", { data: "news/" + Date.now() });
  }

  function judge(news) {
    var told = about();
    if (isGone) {
      isGone = false;
      delete document.documentElement.dataset.gone;
      bar("gone", []);
      renewOrOffer(told, burndownWords("Burndown runs again. "));
      return;
    }
    /* While a job runs nothing moves underfoot; what changed meanwhile is news when it is done. Nor is what this window
       has just changed, as long as the page that shows it is on its way. */
    if (!told || waiting || document.querySelector("#strip > *")) {
      return;
    }
    /* A field of a form that was saved is no news there. Everywhere else a page that was asked for something, be it how
       far a job is, may have missed what somebody else changed meanwhile: it is built anew. */
    var isTrue = (hasAsked && told.dataset.form === "True") || known === news.revision;
    hasAsked = false;
    known = news.revision;
    if (isTrue && told.dataset.day === news.day) {
      return;
    }
    renewOrOffer(told, burndownWords("Something was changed in another window. "));
  }

  /* What somebody typed into a field of this page since it was built, be it refused. */
  function builtAs() {
    var told = about();
    return told ? told.dataset.made + " " + location.href : null;
  }

  document.addEventListener("input", function (event) {
    event.target.typedInto = builtAs();
  });

  function holdsTyped() {
    var built = builtAs();
    return built !== null && Array.from(document.querySelectorAll("#page :is(input, textarea)")).some(function (field) {
      return field.typedInto === built;
    });
  }

  /* What is half filled in is not taken away. */
  function renewOrOffer(told, text) {
    if (!told || (told.dataset.form !== "True" && !holdsTyped())) {
      renew();
      return;
    }
    var button = element("button", { textContent: burndownWords("Show it"), className: "text-button" });
    button.addEventListener("click", renew);
    bar("news", [element("span", { textContent: text }), button]);
  }

  function gone() {
    if (!isGone) {
      isGone = true;
      document.documentElement.dataset.gone = "";
      bar("gone", [element("span", { textContent: burndownWords("Burndown is not running. Start it; this page goes on by itself.") })]);
    }
  }

  function askForNews() {
    if (isStopped) {
      return;
    }
    setTimeout(askForNews, (isGone ? 2 : NEWS_SECONDS) * 1000);
    if (document.hidden && !isGone) {
      return;
    }
    var key = ownKey();
    if (key === refused) {
      return;
    }
    /* Not by fetch, which replaces the page by what is refused: a page of an earlier run waits until a new one opens. */
    var question = new XMLHttpRequest();
    var asked = location.search;
    question.open("GET", "/_news" + asked);
    question.setRequestHeader("X-Burndown-Key", key);
    question.onload = function () {
      /* What is true of one address says nothing of another. */
      if (question.status === 200 && (isGone || asked === location.search)) {
        judge(JSON.parse(question.responseText));
      } else if (question.status === 403) {
        refused = key;
        gone();
      }
    };
    question.onerror = gone;
    question.send();
  }

  /* Of the run that this browser knows last, whichever window was told. */
  function ownKey() {
    try {
      return localStorage.getItem("burndown-key") || "";
    } catch (problem) {
      return "";
    }
  }

  setTimeout(askForNews, NEWS_SECONDS * 1000);

  window.burndownFrame = {
    lastMonth: lastMonth,
    go: go,
    stop: function () {
      isStopped = true;
    },
  };
})();
