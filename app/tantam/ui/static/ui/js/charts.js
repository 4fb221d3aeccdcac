// Charts from figures the page already holds as a table. Tooltips are drawn on the canvas (richText): HTML
// tooltips would need inline styles, which the content policy forbids.
import { say } from "./words.js";

const drawn = new Set();
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = new Intl.NumberFormat("vi-VN");

const axis = () => ({
  axisLine: { lineStyle: { color: token("--line-mid") } },
  axisTick: { show: false },
  axisLabel: { color: token("--ink-3"), fontSize: 12 },
  splitLine: { lineStyle: { color: token("--line-soft") } },
});

const common = (facts, kind) => ({
  animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  animationDuration: 250,
  color: [1, 2, 3, 4, 5, 6].map((place) => token(`--chart-${place}`)),
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink-2") },
  aria: { enabled: false },
  grid: { left: 8, right: 16, top: facts.series?.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
  legend: { show: (facts.series?.length ?? 0) > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: { color: token("--ink-2") } },
  tooltip: {
    renderMode: "richText",
    trigger: kind === "line" || kind === "bar" || kind === "pareto" ? "axis" : "item",
    axisPointer: { type: kind === "line" ? "line" : "shadow", shadowStyle: { color: token("--ink"), opacity: 0.05 } },
    confine: true,
    backgroundColor: token("--surface"),
    borderColor: token("--line-mid"),
    textStyle: { color: token("--ink") },
    valueFormatter: (value) => (typeof value === "number" ? `${number.format(value)}${facts.unit ? ` ${facts.unit}` : ""}` : value),
  },
});

const seriesOf = (facts, each) => facts.series.map((one) => ({ name: one.name, data: one.values, ...each }));

const kinds = {
  line: (facts) => ({
    xAxis: { type: "category", data: facts.labels, boundaryGap: false, ...axis(), splitLine: { show: false } },
    yAxis: { type: "value", ...axis(), axisLine: { show: false } },
    series: seriesOf(facts, { type: "line", smooth: 0.2, symbolSize: 6, lineStyle: { width: 2.5 } }),
  }),
  bar: (facts) => ({
    xAxis: { type: "category", data: facts.labels, ...axis(), splitLine: { show: false } },
    yAxis: { type: "value", ...axis(), axisLine: { show: false } },
    series: seriesOf(facts, { type: "bar", barMaxWidth: 36, itemStyle: { borderRadius: [4, 4, 0, 0] }, stack: facts.stacked ? "all" : undefined }),
  }),
  rank: (facts) => ({
    // The figure stands behind the end of its bar, also of the longest.
    grid: { left: 8, right: 44, top: facts.series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    xAxis: { type: "value", ...axis(), axisLine: { show: false } },
    yAxis: { type: "category", data: facts.labels, inverse: true, ...axis(), splitLine: { show: false }, axisLine: { show: false } },
    series: seriesOf(facts, { type: "bar", barMaxWidth: 20, itemStyle: { borderRadius: [0, 4, 4, 0] }, label: { show: facts.series.length === 1, position: "right", color: token("--ink-2"), formatter: ({ value }) => number.format(value) } }),
  }),
  funnel: (facts) => ({
    series: [
      {
        type: "funnel",
        sort: "none",
        top: 8,
        bottom: 8,
        left: 0,
        width: "58%",
        minSize: "10%",
        gap: 3,
        label: { position: "right", color: token("--ink-2"), formatter: ({ name, value }) => `${name}: ${number.format(value)}` },
        labelLine: { lineStyle: { color: token("--line-mid") } },
        data: facts.labels.map((name, place) => ({
          name,
          value: facts.series[0].values[place],
          itemStyle: { color: token("--chart-1"), opacity: 1 - (place / facts.labels.length) * 0.5, borderWidth: 0 },
        })),
      },
    ],
  }),
  heat: (facts) => ({
    grid: { left: 8, right: 16, top: 8, bottom: 44, containLabel: true },
    xAxis: { type: "category", data: facts.columns, ...axis(), splitLine: { show: false } },
    yAxis: { type: "category", data: facts.rows, inverse: true, ...axis(), splitLine: { show: false } },
    visualMap: { min: 0, max: Math.max(1, ...facts.values.flat()), orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 12, textStyle: { color: token("--ink-3") }, inRange: { color: [token("--surface-3"), token("--chart-1")] } },
    series: [{ type: "heatmap", data: facts.values.flatMap((row, y) => row.map((value, x) => [x, y, value])), itemStyle: { borderColor: token("--surface"), borderWidth: 2, borderRadius: 3 } }],
  }),
  pareto: (facts) => {
    const values = facts.series[0].values;
    const total = values.reduce((sum, value) => sum + value, 0) || 1;
    let running = 0;
    const share = values.map((value) => Math.round(((running += value) / total) * 1000) / 10);
    return {
      xAxis: { type: "category", data: facts.labels, ...axis(), splitLine: { show: false } },
      yAxis: [{ type: "value", ...axis(), axisLine: { show: false } }, { type: "value", max: 100, ...axis(), axisLine: { show: false }, splitLine: { show: false }, axisLabel: { formatter: "{value} %", color: token("--ink-3") } }],
      series: [
        { name: facts.series[0].name, type: "bar", data: values, barMaxWidth: 36, itemStyle: { borderRadius: [4, 4, 0, 0] } },
        { name: "%", type: "line", yAxisIndex: 1, data: share, symbolSize: 6, tooltip: { valueFormatter: (value) => `${number.format(value)} %` } },
      ],
    };
  },
};

const paint = ({ chart, facts, kind }) => chart.setOption({ ...common(facts, kind), ...kinds[kind](facts) }, true);

export const start = async (holder) => {
  const { init } = await import("../../vendor/echarts/echarts.js");
  const source = document.getElementById(holder.dataset.chart);
  if (!holder.isConnected || !source) return;
  const facts = JSON.parse(source.textContent);
  holder.hidden = false;
  holder.setAttribute("role", "img");
  holder.setAttribute("aria-label", `${say("chart")}: ${holder.dataset.title}`);
  const one = { chart: init(holder), facts, kind: holder.dataset.kind };
  paint(one);
  drawn.add(one);
  const watch = new ResizeObserver(() => {
    if (holder.isConnected) one.chart.resize();
    else {
      watch.disconnect();
      drawn.delete(one);
      one.chart.dispose();
    }
  });
  watch.observe(holder);
};

new MutationObserver(() => drawn.forEach(paint)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
