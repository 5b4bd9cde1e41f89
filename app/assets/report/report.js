/* Draws the figures of a report, each from the data beside it. */
(function () {
  "use strict";

  /* On paper a chart is as wide as the page: its layers scale by the size they were drawn in. */
  function scalable(place) {
    var size = place._fullLayout;
    place.style.setProperty("--ratio", size.width + " / " + size.height);
    place.querySelectorAll(".main-svg").forEach(function (layer) {
      layer.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
    });
  }

  var language = document.documentElement.lang;

  /* Names of months in the language of the report; the library itself knows English only. */
  function names(style) {
    return Array.from({ length: 12 }, function (nothing, month) {
      return new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" }).format(Date.UTC(2026, month, 15));
    });
  }

  if (language !== "en") {
    var format = { months: names("long"), shortMonths: names("short") };
    window.Plotly.register({ moduleType: "locale", name: language, dictionary: {}, format: format });
  }

  document.querySelectorAll("figure[data-chart]").forEach(function (figure) {
    var place = figure.querySelector(".plot");
    var drawn = JSON.parse(figure.querySelector("script").textContent);
    window.Plotly.newPlot(place, drawn.data, drawn.layout, { displayModeBar: false, responsive: true, locale: language }).then(function () {
      scalable(place);
      place.on("plotly_afterplot", function () {
        scalable(place);
      });
    });
  });
})();
