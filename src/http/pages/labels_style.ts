// The style sheet of printed labels.
import { type LabelStock, PAPERS } from "./label_stocks.ts";

/** Sizes of the texts by the height of a label, or what a narrow one has of it, mm: name, long name, id, help, address. */
const TEXTS: [height: number, sizes: [number, number, number, number, number]][] = [
  [30, [4.6, 3.2, 2.9, 0, 1.5]],
  [45, [6, 4, 3.6, 2.4, 1.8]],
  [60, [7.4, 5, 4.2, 2.8, 2]],
  [100, [9.5, 6.2, 5.2, 3.5, 2.4]],
  [Infinity, [20, 13, 11, 7, 4.5]],
];

/** Returns CSS for the sheets of a stock. `marks`: with lines along which labels are cut out. */
export function labelsStyle(stock: LabelStock, marks: boolean): string {
  const { columns, rows, width, height, gap, paper } = stock;
  const [sheet_width, sheet_height] = PAPERS[paper];
  const left = (sheet_width - columns * width - (columns - 1) * gap) / 2;
  const top = (sheet_height - rows * height) / 2;
  const alone = columns * rows === 1;
  const [name, long, id, help, address] = TEXTS.find(([most]) => Math.min(height, width / 2.2) <= most)![1];
  const margin = Math.min(4, height / 12);
  const qr = alone ? width * 0.66 : Math.min(height - 2 * margin, width * 0.44);
  return `
@page { size: ${paper}; margin: 0 }
* { box-sizing: border-box; margin: 0 }
html { color-scheme: light }
body { font-family: system-ui, "Segoe UI", Roboto, sans-serif; color: #111; background: #e9ece8 }
.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; padding: .8rem 1rem; background: #0c2b20; color: #e3efe8 }
.bar button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: 10px; background: #d8f34e; color: #14201b; cursor: pointer }
.bar button:focus-visible { outline: 3px solid #8ab8ff; outline-offset: 2px }
.sheets { overflow-x: auto; padding: 1rem }
.sheet { width: ${sheet_width}mm; height: ${sheet_height - 0.2}mm; padding: ${mm(top)} ${
    mm(left)
  } 0; margin: 0 auto 1rem; background: #fff; overflow: hidden;
  display: grid; align-content: start; grid-template-columns: repeat(${columns}, ${width}mm); grid-auto-rows: ${height}mm; column-gap: ${gap}mm;
  box-shadow: 0 1px 2px #0002, 0 8px 28px #0002 }
.label { position: relative; display: grid; overflow: hidden; padding: ${mm(margin)};
  ${
    alone
      ? "grid-template-columns: 1fr; justify-items: center; text-align: center; align-content: center; gap: 8mm"
      : `grid-template-columns: ${mm(qr)} minmax(0, 1fr); align-items: center; gap: ${mm(margin)}`
  } }
.label > svg { display: block; width: ${mm(qr)}; height: ${mm(qr)} }
.label b { display: block; font-size: ${name}mm; line-height: 1.08; letter-spacing: -.02em; overflow-wrap: break-word }
.label b.long { font-size: ${long}mm } .label b.longest { font-size: ${
    mm(long * 0.74)
  } } .label .id { font-size: ${id}mm; font-weight: 600; overflow-wrap: anywhere }
.label p { ${help === 0 ? "display: none" : `font-size: ${help}mm; line-height: 1.3; margin-top: .35em`} }
.label .url { font-size: ${address}mm; font-family: ui-monospace, monospace; margin-top: .4em; overflow-wrap: anywhere; color: #333 }
${marks ? cutMarks(columns * rows === 1) : ""}
@media print { body { background: #fff } .bar { display: none } .sheets { padding: 0; overflow: visible } .sheet { margin: 0; box-shadow: none; break-after: page } .sheet:last-child { break-after: auto } }
`;
}

/** Hairlines at a label's edges. */
function cutMarks(alone: boolean): string {
  return alone
    ? ".label { outline: .2mm dashed #999 }"
    : ".label::after { content: ''; position: absolute; inset: 0; border: .1mm dashed #999; pointer-events: none }";
}

function mm(length: number): string {
  return `${Number(length.toFixed(3))}mm`;
}
