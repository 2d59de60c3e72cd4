// CSV answers (RFC 4180).

/** Texts that a spreadsheet would take for formulas, and those that look like a guarded one: one apostrophe less is the text. */
export const FORMULA = /^'*[=+\-@\t\r]/;

/** Returns a line of CSV. Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLine(values: readonly unknown[]): string {
  return values.map(csvValue).join(",") + "\r\n";
}

function csvValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Streams records as CSV: the head line, then a line a record. */
export function csvResponse<T>(
  name: string,
  columns: readonly string[],
  records: AsyncIterable<T>,
): Response {
  const encoder = new TextEncoder();
  const lines = toLines(columns, records)[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = "";
      while (text.length < 16_384) {
        const { done, value } = await lines.next();
        if (done) {
          if (text) controller.enqueue(encoder.encode(text));
          return controller.close();
        }
        text += value;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await lines.return?.(undefined);
    },
  });
  const disposition = `attachment; filename="${name}.csv"`;
  return new Response(body, {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": disposition },
  });
}

async function* toLines<T>(columns: readonly string[], records: AsyncIterable<T>): AsyncGenerator<string> {
  yield "\ufeff" + csvLine(columns);
  for await (const record of records) yield csvLine(columns.map((column) => record[column as keyof T]));
}
