/* Choices go into the address; a sign of life tells the app that somebody is there; quitting says goodbye. */
(function () {
  "use strict";

  var page = Math.random().toString(36).slice(2);
  var beat = null;

  function alive() {
    var hidden = document.hidden ? "&hidden=1" : "";
    fetch("/_alive?page=" + page + hidden, { method: "POST", keepalive: true }).catch(function () {});
  }

  function begin() {
    if (beat === null) {
      alive();
      beat = setInterval(alive, 30000);
    }
  }

  function end() {
    clearInterval(beat);
    beat = null;
    navigator.sendBeacon("/_bye?page=" + page);
  }

  window.addEventListener("pageshow", begin);
  window.addEventListener("pagehide", end);
  begin();

  /* The upload component gives its field no name that a screen reader could say. */
  function nameUploads() {
    document.querySelectorAll("input[type=file]:not([aria-label])").forEach(function (field) {
      field.setAttribute("aria-label", field.parentNode.textContent.trim());
    });
  }

  new MutationObserver(nameUploads).observe(document.documentElement, { childList: true, subtree: true });

  /* The upload component passes over a file that is too large without a word. */
  function judgeSize(event) {
    var box = event.target.closest && event.target.closest("#upload-box");
    var files = (event.dataTransfer || event.target).files;
    if (!box || !files || !files.length) {
      return;
    }
    var most = Number(box.dataset.most);
    var words = burndownWords(
      "This file is over {size} MB. Write its path in the field below instead: it is then read from where it lies.",
      { size: Math.floor(most / 1e6) }
    );
    document.getElementById("upload-note").textContent = files[0].size > most ? words : "";
  }

  document.addEventListener("change", judgeSize, true);
  document.addEventListener("drop", judgeSize, true);

  /* The fields hand on what is typed a moment later (a timer of theirs). A click or Enter that comes before would act on
     the text of before and say "Saved.": it waits until the app's side of the field has the text. */
  var typed = null;
  var LONGEST_WAIT = 500;

  function made(field) {
    if (!field.id || !window.dash_component_api) {
      return undefined;
    }
    /* A field within a part of the library has an id of its own, and asked for one that is not the app's Dash throws. */
    try {
      return window.dash_component_api.getLayout(field.id.charAt(0) === "{" ? JSON.parse(field.id) : field.id);
    } catch (error) {
      return undefined;
    }
  }

  function isHandedOn(field) {
    var part = field.isConnected ? made(field) : undefined;
    if (!part || !/Input$|^Textarea$/.test(part.type) || part.props.debounce === true) {
      return true;
    }
    var value = part.props.value;
    return String(value === null || value === undefined ? "" : value) === field.value;
  }

  function whenHandedOn(field, act) {
    var began = performance.now();
    (function look() {
      if (isHandedOn(field) || performance.now() - began > LONGEST_WAIT) {
        act();
      } else {
        setTimeout(look, 5);
      }
    })();
  }

  function afterTyping(again) {
    return function (event) {
      var field = typed;
      var target = field && again.on(event);
      typed = target ? null : typed;
      if (!target || isHandedOn(field)) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      whenHandedOn(field, function () {
        again.act(target, event);
      });
    };
  }

  window.addEventListener(
    "input",
    function (event) {
      typed = event.target;
    },
    true
  );
  window.addEventListener(
    "click",
    afterTyping({
      on: function (event) {
        return event.target.closest && event.target.closest("button");
      },
      act: function (button) {
        button.click();
      },
    }),
    true
  );
  window.addEventListener(
    "keydown",
    afterTyping({
      on: function (event) {
        return event.key === "Enter" && !event.isComposing && event.target.matches("input") ? event.target : null;
      },
      act: function (field, event) {
        field.dispatchEvent(new KeyboardEvent("keydown", event));
      },
    }),
    true
  );

  function say(title, text) {
    var box = document.createElement("main");
    box.className = "farewell";
    var head = document.createElement("h1");
    head.textContent = title;
    var words = document.createElement("p");
    words.textContent = text;
    box.append(head, words);
    document.body.replaceChildren(box);
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.burndown = {
    /* All choices of the page as the address' query part. Choosing a profile leaves its query open. */
    choose: function (values, ids, search) {
      var nothing = window.dash_clientside.no_update;
      var cause = window.dash_clientside.callback_context.triggered;
      if (!cause.length) {
        return nothing;
      }
      var params = new URLSearchParams(search || "");
      var chosen = ids.map(function (id) {
        return id.name;
      });
      var triggered = cause.map(function (one) {
        return JSON.parse(one.prop_id.slice(0, one.prop_id.lastIndexOf("."))).name;
      });
      // More than one at once: the page was just built and reports its own values.
      if (triggered.length !== 1) {
        return nothing;
      }
      var name = triggered[0];
      var value = values[chosen.indexOf(name)];
      // What is done with a project or work list has a page of its own.
      if (typeof value === "string" && value.charAt(0) === "/") {
        window.burndownFrame.go(value);
        return nothing;
      }
      if (String(value === null ? "" : value) === (params.get(name) || "")) {
        return nothing;
      }
      if (name === "days" && value === "from-to") {
        value = window.burndownFrame.lastMonth();
      }
      if (value === null || value === "") {
        params.delete(name);
      } else {
        params.set(name, value);
      }
      params.delete("show");
      if (name === "profile") {
        params.delete("query");
      }
      if (name === "profile" || name === "query") {
        params.delete("sprint");
        if (name === "query" && chosen.indexOf("profile") >= 0) {
          params.set("profile", values[chosen.indexOf("profile")]);
        }
      }
      var text = params.toString();
      return text ? "?" + text : "";
    },

    /* A point of a chart leads to what is behind it: its name is the point's own data, or the first of them. */
    openPoint: function (clicks, ids, search) {
      var nothing = window.dash_clientside.no_update;
      var empty = ids.map(function () {
        return null;
      });
      var click = clicks.filter(Boolean)[0];
      if (!click) {
        return [nothing, clicks.map(function () { return nothing; })];
      }
      var points = click.points.filter(function (point) {
        return point.customdata !== undefined;
      });
      if (!points.length) {
        return [nothing, empty];
      }
      var params = new URLSearchParams(search || "");
      params.set("show", [].concat(points[0].customdata)[0]);
      return ["?" + params.toString(), empty];
    },

    closePanel: function (opened, search) {
      var params = new URLSearchParams(search || "");
      if (opened || !params.has("show")) {
        return window.dash_clientside.no_update;
      }
      params.delete("show");
      var text = params.toString();
      return text ? "?" + text : "";
    },

    /* The table of weeks has a script of its own, which no other page needs. */
    weeks: function (state, busy) {
      return import("/assets/later/weeks.js").then(function (table) {
        table.show(state, busy);
        return "weeks-table";
      });
    },

    weeksLeft: function (said, items, points) {
      return import("/assets/later/weeks.js").then(function (table) {
        return table.left(said, [items, points]);
      });
    },

    loadAnew: function (language) {
      if (language) {
        location.reload();
      }
      return window.dash_clientside.no_update;
    },

    askToQuit: function () {
      var cause = window.dash_clientside.callback_context.triggered;
      return cause.length > 0 && cause[0].prop_id === "quit.n_clicks";
    },

    quit: function (clicks) {
      if (!clicks) {
        return window.dash_clientside.no_update;
      }
      // From now on nobody would answer the question how far a job is.
      window.dash_clientside.set_props("tick", { disabled: true });
      fetch("/_quit", { method: "POST" })
        .then(function (answer) {
          if (!answer.ok) {
            throw new Error(String(answer.status));
          }
          clearInterval(beat);
          window.burndownFrame.stop();
          say(
            burndownWords("Burndown has stopped."),
            burndownWords("Everything is saved. You can close this tab, and remove the stick.")
          );
        })
        .catch(function () {
          say(
            burndownWords("Burndown does not answer."),
            burndownWords("It has probably stopped already. You can close this tab.")
          );
        });
      return true;
    },
  };
})();
