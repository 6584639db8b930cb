// Draws latency.svg from results.json: `node plot.js <results.json> <latency.svg>`.
import { readFileSync, writeFileSync } from "node:fs";

const [results, target] = process.argv.slice(2);
const { plot } = JSON.parse(readFileSync(results, "utf8"));
const [LEFT, TOP, WIDTH, HEIGHT] = [84, 16, 516, 264];
const [LOWEST, HIGHEST] = [0.03, 300];

const x = (share) => LEFT + (WIDTH * Math.log10(0.5 / (1 - share))) / Math.log10(500);
const y = (ms) =>
  TOP + HEIGHT * (1 - Math.log(ms / LOWEST) / Math.log(HIGHEST / LOWEST));
const at = (number) => number.toFixed(1);
const text = (left, top, words, more = "") =>
  `<text x="${at(left)}" y="${at(top)}" ${more}>${words}</text>`;

const columns = [
  [0.5, "50 %"],
  [0.9, "90 %"],
  [0.99, "99 %"],
  [0.999, "99.9 %"],
].map(
  ([share, name]) =>
    `<path class="grid" d="M${at(x(share))} ${TOP}v${HEIGHT}"/>${text(x(share), TOP + HEIGHT + 26, name, 'text-anchor="middle"')}`,
);
const rows = [
  [0.1, "0.1 ms"],
  [1, "1 ms"],
  [10, "10 ms"],
  [100, "100 ms"],
].map(
  ([ms, name]) =>
    `<path class="grid" d="M${LEFT} ${at(y(ms))}h${WIDTH}"/>${text(LEFT - 8, y(ms) + 6, name, 'text-anchor="end"')}`,
);
const lines = Object.entries(plot).map(([name, points]) => {
  const path = points
    .map(([share, ms], n) => `${n ? "L" : "M"}${at(x(share))} ${at(y(ms))}`)
    .join("");
  const [share, ms] = points.find(([known]) => known === 0.99);
  const label = text(
    x(share) + 12,
    y(ms) + (name === "open" ? 28 : 30),
    `${name} loop`,
    `class="${name}"`,
  );
  return `<path class="line ${name}" d="${path}"/>${label}`;
});

writeFileSync(
  target,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 340" width="640" height="340" role="img" aria-labelledby="t">
<title id="t">Share of the answers that came within a time, measured by a closed and by an open loop</title>
<style>
text { font: 18px system-ui, sans-serif; fill: #4a5058 }
.grid { stroke: #c9ced6; fill: none }
.line { fill: none; stroke-width: 2.5 }
path.closed { stroke: #b3541e } text.closed { fill: #b3541e }
path.open { stroke: #1d63b7 } text.open { fill: #1d63b7 }
@media (prefers-color-scheme: dark) {
text { fill: #b4bcc8 } .grid { stroke: #3a4350 }
path.closed { stroke: #f0965c } text.closed { fill: #f0965c }
path.open { stroke: #78b4ff } text.open { fill: #78b4ff }
}
</style>
${[...columns, ...rows, ...lines].join("\n")}
${text(LEFT + WIDTH / 2, 334, "share of the answers that were at least this fast", 'text-anchor="middle"')}
</svg>
`,
);
