// Exact decimals: the text "230.50" is 23050 with 2 decimals.

/** The greatest number of decimals. */
export const MAX_DECIMALS = 9;
const MAX_DIGITS = 14; // the digits then stay far below 2^49
const MINUS = 45, POINT = 46, ZERO = 48, NINE = 57;

/** The powers of ten that a double holds exactly. */
export const TEN_TO: readonly number[] = Array.from({ length: 16 }, (_, index) => 10 ** index);

/** Returns the number of decimals of a plain decimal; -1 for any text that its digits alone do not determine. */
export function decimalsOf(text: string): number {
  const negative = text.charCodeAt(0) === MINUS;
  const start = negative ? 1 : 0;
  const length = text.length;
  if (length - start > MAX_DIGITS + 1) return -1;
  let point = -1;
  let any = false;
  for (let index = start; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) any ||= code !== ZERO;
    else if (code === POINT && point < 0) point = index;
    else return -1;
  }
  const whole = (point < 0 ? length : point) - start;
  if (whole === 0 || (whole > 1 && text.charCodeAt(start) === ZERO) || (negative && !any)) return -1;
  const decimals = point < 0 ? 0 : length - point - 1;
  if (point >= 0 && decimals === 0) return -1;
  return decimals > MAX_DECIMALS || whole + decimals > MAX_DIGITS ? -1 : decimals;
}

/** Returns the digits of a plain decimal as an integer. */
export function digitsOf(text: string): number {
  const negative = text.charCodeAt(0) === MINUS;
  let digits = 0;
  for (let index = negative ? 1 : 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== POINT) digits = digits * 10 + (code - ZERO);
  }
  return negative ? -digits : digits;
}

/** Returns the text of `digits` with `decimals`; `trim` removes trailing zeros. */
export function decimalText(digits: number, decimals: number, trim: boolean): string {
  if (decimals === 0) return String(digits);
  const text = String(Math.abs(digits)).padStart(decimals + 1, "0");
  const point = text.length - decimals;
  let end = text.length;
  while (trim && end > point && text.charCodeAt(end - 1) === ZERO) end--;
  const unsigned = end === point ? text.slice(0, point) : `${text.slice(0, point)}.${text.slice(point, end)}`;
  return digits < 0 ? `-${unsigned}` : unsigned;
}

/** Returns true if a plain decimal ends in a zero after its point. */
export function hasTrailingZero(text: string, decimals: number): boolean {
  return decimals > 0 && text.charCodeAt(text.length - 1) === ZERO;
}
