// Sheets that labels are printed on. The makers' layouts are centred on the sheet, with columns apart and rows that touch.

/** A sheet of labels; lengths in mm. */
export interface LabelStock {
  paper: "A4" | "letter";
  columns: number;
  rows: number;
  /** A label's size. */
  width: number;
  height: number;
  /** The space between columns. */
  gap: number;
  /** The maker's names of such sheets; none for plain paper, whose labels are cut out. */
  brand?: string;
}

/** The sheets by the name that an address has. Sizes as the makers tell them. */
export const LABEL_STOCKS = {
  "a4-10": { paper: "A4", columns: 2, rows: 5, width: 95, height: 52, gap: 0 },
  "a4-1": { paper: "A4", columns: 1, rows: 1, width: 180, height: 250, gap: 0 },
  "letter-10": { paper: "letter", columns: 2, rows: 5, width: 95, height: 50, gap: 0 },
  "letter-1": { paper: "letter", columns: 1, rows: 1, width: 185, height: 240, gap: 0 },
  "avery-l7160": {
    paper: "A4",
    columns: 3,
    rows: 7,
    width: 63.5,
    height: 38.1,
    gap: 2.5,
    brand: "Avery L7160, J8160",
  },
  "avery-l7163": {
    paper: "A4",
    columns: 2,
    rows: 7,
    width: 99.1,
    height: 38.1,
    gap: 2.5,
    brand: "Avery L7163, J8163",
  },
  "avery-l7165": {
    paper: "A4",
    columns: 2,
    rows: 4,
    width: 99.1,
    height: 67.7,
    gap: 2.5,
    brand: "Avery L7165, J8165, L7993",
  },
  "avery-5160": {
    paper: "letter",
    columns: 3,
    rows: 10,
    width: 66.675,
    height: 25.4,
    gap: 3.97,
    brand: "Avery 5160, 5520, 8160",
  },
  "avery-5163": {
    paper: "letter",
    columns: 2,
    rows: 5,
    width: 101.6,
    height: 50.8,
    gap: 4.76,
    brand: "Avery 5163, 5523, 8163",
  },
  "avery-5164": {
    paper: "letter",
    columns: 2,
    rows: 3,
    width: 101.6,
    height: 84.667,
    gap: 4.76,
    brand: "Avery 5164, 5524, 8164",
  },
} as const satisfies Record<string, LabelStock>;

/** The name of a sheet. */
export type StockName = keyof typeof LABEL_STOCKS;

/** The size of a sheet of paper, mm. */
export const PAPERS = { A4: [210, 297], letter: [215.9, 279.4] } as const;

/** Returns how many labels a sheet has. */
export function labelsOf({ columns, rows }: LabelStock): number {
  return columns * rows;
}
