// The subset of DER (ITU-T X.690) that certificates and certificate requests use.
import { Buffer } from "node:buffer";

/** A DER element. */
export interface Element {
  tag: number;
  /** The whole element, with tag and length. */
  bytes: Uint8Array;
  content: Uint8Array;
}

/** Reads consecutive elements. Throws if one is truncated. */
export function readElements(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes.subarray(at));
    elements.push(element);
    at += element.bytes.length;
  }
  return elements;
}

function readElement(bytes: Uint8Array): Element {
  const first = bytes[1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[2 + i] ?? 0);
  const start = 2 + count;
  if (count > 4 || start + length > bytes.length) throw new Error("The DER element is truncated");
  return {
    tag: bytes[0]!,
    bytes: bytes.subarray(0, start + length),
    content: bytes.subarray(start, start + length),
  };
}

/** Encodes an element whose content is the parts. */
export function element(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : longLength(content.length);
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}

function longLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Encodes an object identifier such as `2.5.4.3`. */
export function oid(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split(".").map(Number) as [number, number, ...number[]];
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | rest & 0x7f);
  return digits;
}

/** Encodes a UTF8String. */
export function utf8(text: string): Uint8Array {
  return element(0x0c, new TextEncoder().encode(text));
}

/** Converts DER to PEM. */
export function pemOf(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
