// Charts, drawn as SVG from the same numbers as the table beside them.  The data stand in the page as JSON; nothing is fetched.
"use strict";
const charts = new Set();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The seven counties of Tianshui as tiles, roughly where they lie; any other city as rows of tiles.
const TILES = { 620524: [0, 0], 620523: [1, 0], 620522: [2, 0], 620521: [3, 0], 620525: [4, 0], 620502: [2, 1], 620503: [3, 1] };
const square = ([x, y]) => [[[x, -y], [x + 0.94, -y], [x + 0.94, -y - 0.94], [x, -y - 0.94], [x, -y]]];
const tiles = (codes, labels) => ({
  type: "FeatureCollection",
  features: codes.map((code, n) => ({ type: "Feature", properties: { name: labels[n] }, geometry: { type: "Polygon", coordinates: square(TILES[code] ?? [n % 5, 2 + Math.floor(n / 5)]) } })),
});

const option = ({ kind, title, labels, codes, values, unknown }) => {
  const ink = colour("--bs-body-color"), line = colour("--line"), main = colour("--bs-primary");
  const common = { aria: { enabled: true, label: { description: title }, decal: { show: kind === "bar" } }, textStyle: { color: ink, fontFamily: colour("--bs-font-sans-serif") }, animation: false, tooltip: { trigger: kind === "map" ? "item" : "axis", formatter: kind === "map" ? (p) => `${p.name}: ${Number.isFinite(p.value) ? p.value.toLocaleString() : unknown}` : undefined } };
  if (kind === "map") {
    echarts.registerMap("tiles", tiles(codes, labels));
    const known = values.filter((v) => v !== null), most = Math.max(1, ...known);
    return { ...common, visualMap: { min: 0, max: most, calculable: false, orient: "horizontal", left: "center", bottom: 0, inRange: { color: ["#dbe8fa", "#6ea3e0", "#123a6d"] }, textStyle: { color: ink } },
      series: [{ type: "map", map: "tiles", aspectScale: 1, name: title, top: 8, bottom: 44, roam: false, selectedMode: false, itemStyle: { borderColor: colour("--card"), areaColor: line }, emphasis: { label: { color: "#000" }, itemStyle: { areaColor: "#f0b040" } },
        label: { show: true, formatter: (p) => `${p.name.length > 4 ? p.name.slice(0, 3) : p.name}\n${Number.isFinite(p.value) ? p.value.toLocaleString() : "—"}` },
        data: labels.map((name, n) => ({ name, value: values[n] ?? NaN, label: { color: (values[n] ?? 0) > most * 0.55 ? "#fff" : "#10233c" } })) }] };
  }
  return { ...common, grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true }, xAxis: { type: "category", data: labels, axisLabel: { color: ink, interval: 0, rotate: labels.length > 8 ? 40 : 0 }, axisLine: { lineStyle: { color: line } } },
    yAxis: { type: "value", axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
    series: [{ type: kind === "line" ? "line" : "bar", name: title, data: values, itemStyle: { color: main }, lineStyle: { color: main, width: 3 }, symbolSize: 8, barMaxWidth: 48 }] };
};

const draw = (root) => {
  for (const place of root.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    echarts.getInstanceByDom(place)?.dispose();
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option(data));
    charts.add(chart);
  }
};
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(() => draw(document), 50));
document.addEventListener("DOMContentLoaded", () => draw(document));
document.addEventListener("htmx:after:swap", () => draw(document));
