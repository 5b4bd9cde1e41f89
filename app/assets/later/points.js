/* The points of a chart by the keyboard: the arrows go from one to the next, Enter opens what is behind it. */

const SPREAD = 10;
/* Plotly draws what it shows of a point at most every 50 ms. */
const DRAWN_MS = 90;

let state = { of: null, points: [], at: -1 };

function graphOf(place) {
  return place.parentElement.querySelector(".js-plotly-plot");
}

function pixels(axis, value) {
  return axis && axis.d2p ? axis.d2p(value) : 0;
}

function isThere(trace) {
  return trace.visible === true && trace.customdata && trace.x && trace.y;
}

function named(data) {
  return data === undefined || data === null ? "" : [].concat(data)[0];
}

/* Every point that leads somewhere, as one reads: from left to right, at one place from the top. */
function pointsOf(graph) {
  const layout = graph._fullLayout;
  const points = [];
  graph._fullData.filter(isThere).forEach(function (trace) {
    const across = layout[(trace.xaxis || "x").replace("x", "xaxis")];
    const upwards = layout[(trace.yaxis || "y").replace("y", "yaxis")];
    Array.from(trace.customdata).forEach(function (data, place) {
      const left = pixels(across, trace.x[place]);
      const top = pixels(upwards, trace.y[place]);
      const isSeen = left >= -1 && left <= across._length + 1;
      if (named(data) && isFinite(left) && isFinite(top) && isSeen) {
        points.push({ curve: trace.index, place: place, data: data, left: left, top: top, trace: trace });
      }
    });
  });
  const lies = points.some((point) => point.trace.orientation === "h");
  return points.sort((a, b) => (lies ? a.top - b.top || a.left - b.left : a.left - b.left || a.top - b.top));
}

function current(graph) {
  if (state.of !== graph || state.data !== graph._fullData) {
    state = { of: graph, data: graph._fullData, points: pointsOf(graph), at: -1 };
  }
  return state;
}

function dayOf(point) {
  const value = String(point.trace.x[point.place]);
  const isDay = /^\d{4}-\d\d-\d\d/.test(value) && !/%\{x/.test(point.trace.hovertemplate || "");
  return isDay ? new Date(value.slice(0, 10) + "T12:00").toLocaleDateString(navigator.languages, { dateStyle: "medium" }) : "";
}

/* What stands beside the point, in one line. */
function wordsOf(graph, point) {
  const texts = Array.from(graph.querySelectorAll(".hoverlayer text"), function (text) {
    const lines = Array.from(text.querySelectorAll("tspan.line"), (line) => line.textContent);
    return (lines.length ? lines : [text.textContent]).filter(Boolean).join(", ");
  });
  return [dayOf(point)].concat(texts).filter(Boolean).join(": ");
}

function show(place, graph, point) {
  const line = place.nextElementSibling;
  const subplot = (point.trace.xaxis || "x") + (point.trace.yaxis || "y");
  Promise.resolve(window.Plotly).then(function (plotly) {
    plotly.Fx.hover(graph, [{ curveNumber: point.curve, pointNumber: point.place }], subplot);
    setTimeout(function () {
      if (document.activeElement === place && state.points[state.at] === point) {
        line.textContent = wordsOf(graph, point);
      }
    }, DRAWN_MS);
  });
}

function open(graph, point) {
  graph.emit("plotly_click", {
    points: [{ curveNumber: point.curve, pointNumber: point.place, customdata: point.data }],
  });
}

/* Where a key leads from here; from nowhere the last point is as near as the first. */
function next(key, at, count) {
  const from = { ArrowRight: at + 1, ArrowLeft: at < 0 ? count - 1 : at - 1, Home: 0, End: count - 1 };
  const far = { PageDown: Math.max(at, 0) + SPREAD, PageUp: at - SPREAD };
  const to = Object.assign(from, far)[key];
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
}

export function key(event) {
  const place = event.target;
  const graph = graphOf(place);
  if (!graph || !graph._fullData || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const known = current(graph);
  const to = next(event.key, known.at, known.points.length);
  if (to !== undefined && known.points.length) {
    known.at = to;
    show(place, graph, known.points[to]);
  } else if (event.key === "Enter" && known.points[known.at]) {
    open(graph, known.points[known.at]);
  }
}

export function leave(place) {
  const graph = graphOf(place);
  place.nextElementSibling.textContent = "";
  if (graph && graph._fullData) {
    Promise.resolve(window.Plotly).then((plotly) => plotly.Fx.unhover(graph));
  }
}
