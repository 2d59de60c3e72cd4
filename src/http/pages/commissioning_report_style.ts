// The style sheet of the hand-over report.

/** CSS for paper first. */
export const REPORT_STYLE = `
body { font: 14px/1.45 system-ui, sans-serif; color: #111; background: #fff; max-width: 190mm; margin: 8mm auto; padding: 0 6mm }
header { display: flex; justify-content: space-between; gap: 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { margin: .2rem 0; font-weight: 500 }
.qr svg { width: 32mm; height: 32mm }
.verdict { display: inline-block; padding: .2rem .8rem; border: 2px solid; border-radius: 4px; font-weight: 700 }
.verdict.pass, tr.pass td:nth-child(3) { color: #0a6b2d } .verdict.observation, tr.observation td:nth-child(3) { color: #7a4b00 } .verdict.fail, tr.fail td:nth-child(3) { color: #b00020 }
tr td:nth-child(3) { font-weight: 600 }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(60mm, 1fr)); gap: .3rem 1rem }
dt { color: #555; font-size: .85em } dd { margin: 0; overflow-wrap: anywhere }
main { display: flex; gap: 1rem; align-items: start; margin: .8rem 0 } main dl { flex: 1; margin: 0 }
figure { margin: 0 } figure svg { width: 40mm; border: 1px solid #bbb } figcaption { font-size: .75em; max-width: 40mm }
circle { fill: #999 } circle.this { fill: #b00020 }
table { width: 100%; border-collapse: collapse } th { text-align: left }
td, th { border-bottom: 1px solid #ccc; padding: .3rem .4rem; vertical-align: top }
td:last-child { overflow-wrap: anywhere; width: 60% } td:first-child { width: 22% }
tr { break-inside: avoid } td p { margin: .15rem 0 0 } .figures { color: #555; font-size: .8em } .hint { font-style: italic }
pre { font-size: 9px; white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: .4rem }
footer { margin-top: 14mm; display: flex; justify-content: space-between; gap: 1rem }
footer .line { border-top: 1px solid; min-width: 70mm } footer p { overflow-wrap: anywhere }
@media screen and (max-width: 600px) {
  main, footer { display: block } figure svg { width: 60mm; margin-top: .8rem } h1 { font-size: 1.35rem }
  .qr svg { width: 26mm; height: 26mm } .facts { grid-template-columns: 1fr }
  table, tbody { display: block } thead { display: none }
  tr { display: grid; grid-template-columns: 1fr auto; gap: .1rem .8rem; padding: .6rem 0; border-bottom: 1px solid #ccc }
  td, td:first-child, td:last-child { border: 0; padding: 0; width: auto } td:first-child { font-weight: 600 }
  td:nth-child(2) { grid-area: 2 / 1; color: #555; font-size: .85em } td:nth-child(2)::before { content: attr(data-label) " " }
  td.off { display: none } td:nth-child(3) { grid-area: 1 / 2 } td:last-child { grid-column: 1 / -1 }
}
@page { margin: 12mm } @media print { body { margin: 0; padding: 0; max-width: none } }
`;
