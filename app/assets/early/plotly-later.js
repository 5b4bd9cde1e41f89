/* Announces the chart library that is still on its way: whoever asks for it gets a promise until it is there. */
(function () {
  var library = null;
  var announce;
  var promise = new Promise(function (resolve) {
    announce = resolve;
  });
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    enumerable: true,
    get: function () {
      return library || promise;
    },
    set: function (value) {
      library = value;
      announce(value);
    },
  });
})();
