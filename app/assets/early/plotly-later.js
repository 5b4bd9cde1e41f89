/* Announces the chart library that is still on its way: whoever asks for it gets a promise until it is there. */
(function () {
  var library = null;
  var announce;
  var promise = new Promise(function (resolve) {
    announce = resolve;
  });

  /* Names of months in the language of the page; the library itself knows English only. */
  function speak(plotly) {
    var language = document.documentElement.lang;
    if (language === "en" || !plotly.register) {
      return;
    }
    var names = function (style) {
      return Array.from({ length: 12 }, function (nothing, month) {
        return new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" }).format(Date.UTC(2026, month, 15));
      });
    };
    var format = { months: names("long"), shortMonths: names("short") };
    plotly.register({ moduleType: "locale", name: language, dictionary: {}, format: format });
  }

  Object.defineProperty(window, "Plotly", {
    configurable: true,
    enumerable: true,
    get: function () {
      return library || promise;
    },
    set: function (value) {
      speak(value);
      library = value;
      announce(value);
    },
  });
})();
