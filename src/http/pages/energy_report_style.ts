// The style sheet of the monthly report.

/** CSS for paper first. */
export const ENERGY_REPORT_STYLE = `
body { font: 14px/1.45 system-ui, sans-serif; color: #111; background: #fff; max-width: 190mm; margin: 8mm auto; padding: 0 6mm }
h1 { font-size: 1.6rem; margin: 0 } p { margin: .3rem 0 } .soft, footer, .flags { color: #555; font-size: .85em }
.warn { border: 2px solid #b00020; color: #b00020; padding: .3rem .6rem; font-weight: 600 }
table { width: 100%; border-collapse: collapse; margin: .8rem 0 } th { text-align: left } thead th { vertical-align: bottom }
td, th { border-bottom: 1px solid #ccc; padding: .25rem .4rem; vertical-align: top; overflow-wrap: anywhere }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } thead .num { white-space: normal }
tr { break-inside: avoid } thead { display: table-header-group } tfoot th, tfoot td { border-top: 2px solid; font-weight: 700 }
@page { margin: 12mm } @media print { body { margin: 0; padding: 0; max-width: none } }
`;
