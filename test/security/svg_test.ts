// What an SVG can hold against who looks at it, and that nothing of it is left in the plan that is kept and served.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cleanSvg } from "../../src/http/files/svg.ts";
import { openBrowser } from "../e2e/browser.ts";
import { AUTHORIZATION } from "../kit/gateway.ts";
import { planSite, png, served, upload } from "../http/plan_site.ts";

const XLINK = "http://www.w3.org/1999/xlink";

/** An SVG with something in it. */
function svg(inside: string, more = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="${XLINK}" viewBox="0 0 400 300"${more}>${inside}<rect id="good" width="9" height="9"/></svg>`;
}

/** Where the attacks would send what they find. */
const FOE = "http://127.0.0.1:9/foe";
const RUN = "alert(1)";

/** Each of them is taken, and harmless afterwards. */
const DISARMED: Record<string, string> = {
  "a script": svg(`<script>${RUN}</script>`),
  "a script from elsewhere": svg(`<script href="${FOE}" xlink:href="${FOE}"/>`),
  "a script in CDATA": svg(`<script><![CDATA[${RUN}]]></script>`),
  "a script by another prefix": svg(`<s:script xmlns:s="http://www.w3.org/2000/svg">${RUN}</s:script>`),
  "a script of HTML": svg(`<h:script xmlns:h="http://www.w3.org/1999/xhtml">${RUN}</h:script>`),
  "a script in mixed case": svg(`<ScRiPt>${RUN}</ScRiPt>`),
  "a script within what is left out": svg(`<metadata><x><script>${RUN}</script></x></metadata>`),
  "a script within a style sheet": svg(`<style><script>${RUN}</script></style>`),
  "an event handler of the root": svg("", ` onload="${RUN}"`),
  "an event handler": svg(`<rect onclick="${RUN}" onmouseover="${RUN}"/>`),
  "an event handler in mixed case": svg(`<rect OnLoad="${RUN}"/>`),
  "an event handler with a prefix": svg(`<rect xlink:onload="${RUN}"/>`),
  "an animation's event handler": svg(`<animate onbegin="${RUN}" attributeName="x" dur="1s"/>`),
  "a link to a script": svg(`<a xlink:href="javascript:${RUN}"><text>x</text></a>`),
  "a link to a script, plain href": svg(`<a href="javascript:${RUN}"><text>x</text></a>`),
  "a link to a script in entities": svg(`<a href="&#106;&#x61;vascript&#58;${RUN}"><text>x</text></a>`),
  "a link to a script with a line break": svg(`<a href="java&#10;script:${RUN}"><text>x</text></a>`),
  "a link by another prefix": svg(`<a y:href="javascript:${RUN}" xmlns:y="${XLINK}"><text>x</text></a>`),
  "set that changes a link": svg(`<a id="l"><set attributeName="href" to="javascript:${RUN}"/></a>`),
  "animate that changes a link": svg(
    `<a><animate attributeName="xlink:href" values="javascript:${RUN}"/></a>`,
  ),
  "animateTransform by reference": svg(`<animateTransform xlink:href="#good" onend="${RUN}"/>`),
  "use of another file": svg(`<use xlink:href="${FOE}#x"/>`),
  "use of a data address": svg(`<use href="data:image/svg+xml;base64,PHN2Zy8+#x"/>`),
  "feImage": svg(`<filter id="f"><feImage xlink:href="${FOE}"/></filter><rect filter="url(#f)"/>`),
  "an image from elsewhere": svg(`<image href="${FOE}"/>`),
  "an image without a scheme": svg(`<image href="//127.0.0.1:9/foe"/>`),
  "an image that is HTML": svg(`<image href="data:text/html,&lt;script&gt;${RUN}&lt;/script&gt;"/>`),
  "an image that is an SVG": svg(`<image href="data:image/svg+xml,&lt;svg onload='${RUN}'/&gt;"/>`),
  "an image that says PNG and is not": svg(`<image href="data:image/png;base64,PHNjcmlwdD4="/>`),
  "HTML in foreignObject": svg(
    `<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="${FOE}"/></foreignObject>`,
  ),
  "an iframe": svg(`<iframe src="javascript:${RUN}"/><embed src="${FOE}"/><object data="${FOE}"/>`),
  "audio and video": svg(`<audio href="${FOE}"/><video href="${FOE}"/>`),
  "@import": svg(`<style>@import "${FOE}"; @import url(${FOE}); .a{fill:red}</style>`),
  "a style sheet's url": svg(`<style>rect{fill:url(${FOE}#p);background:url("${FOE}")}</style>`),
  "a style sheet's url in escapes": svg(`<style>rect{fill:u\\72l(${FOE}#p)}</style>`),
  "a style sheet's url around a comment": svg(`<style>rect{fill:u/**/rl(${FOE}#p)}/* </style>`),
  "a style sheet in CDATA": svg(
    `<style><![CDATA[@font-face{font-family:x;src:url(${FOE})} </style><script>${RUN}</script>]]></style>`,
  ),
  "a style sheet's rule in a rule": svg(
    `<style>@media all{rect{fill:url(${FOE})}} @supports (x:y){@import "${FOE}";}</style>`,
  ),
  "a style sheet's image-set": svg(`<style>rect{mask:image-set("${FOE}" 1x);mask:src("${FOE}")}</style>`),
  "a style attribute's url": svg(
    `<rect style="fill:url('${FOE}#p');mask:URL(${FOE});behavior:url(${FOE})"/>`,
  ),
  "a url in an attribute": svg(
    `<rect fill="url(${FOE}#p)" mask="UrL( '${FOE}' )" clip-path="url(&quot;${FOE}&quot;)"/>`,
  ),
  "a url in entities": svg(`<rect fill="&#117;rl(&#104;ttp://127.0.0.1:9/foe)" cursor="url(${FOE}),auto"/>`),
  "a url in escapes": svg(`<rect fill="\\75 rl(${FOE})"/>`),
  "xml-stylesheet": `<?xml version="1.0"?><?xml-stylesheet href="${FOE}"?>${svg("")}`,
  "another DOCTYPE": `<!DOCTYPE svg SYSTEM "${FOE}">${svg("")}`,
  "xml:base": svg(`<use href="#good"/>`, ` xml:base="${FOE}"`),
  "a comment that ends elsewhere": svg(`<!-- --!><script>${RUN}</script> -->`),
  "an attribute that ends itself": svg(
    `<rect id="a&quot; onload=&quot;${RUN}" class="&quot;&gt;&lt;script&gt;${RUN}&lt;/script&gt;"/>`,
  ),
  "text that is markup": svg(`<text>&lt;script&gt;${RUN}&lt;/script&gt;</text>`),
  "a byte order mark": `\ufeff${svg(`<script>${RUN}</script>`)}`,
  "handlers for what a namespace hides": svg(
    `<rect xmlns:on="urn:x" on:load="${RUN}" ev:event="${RUN}" xmlns:ev="http://www.w3.org/2001/xml-events"/><handler>${RUN}</handler>`,
  ),
};

/** No other elements, no attributes but these, and no address: looked for in the stored letters, apart from how they were made. */
function faultsIn(text: string): string[] {
  const bare = text.replaceAll("http://www.w3.org/2000/svg", "");
  const signs = [
    /<script/i,
    /\son\w+\s*=/i,
    /javascript/i,
    /127\.0\.0\.1/,
    /foe/,
    /@/,
    /<!/,
    /<\?/,
    /\\/,
    /data:(?!image\/png;base64,iVBOR)/i,
  ];
  const names = [...text.matchAll(/<([^\s/>]+)/g)].map(([, name]) => name!).filter((name) =>
    !/^[a-zA-Z]+$/.test(name)
  );
  const others =
    /<(foreignObject|iframe|animate\w*|set|feImage|a|handler|audio|video|embed|object|metadata)\b/.exec(bare);
  return [...signs.filter((sign) => sign.test(bare)).map(String), ...names, ...(others ? [others[0]] : [])];
}

Deno.test("an SVG's attacks are not in what is stored", async (t) => {
  await using site = await planSite();
  for (const [name, attack] of Object.entries(DISARMED)) {
    await t.step(name, async () => {
      const { status, body } = await upload(site.test.url, attack);
      if (status === 400) return assertMatch(body.error, /^The SVG cannot be read: /); // not even XML
      const [stored] = await Array.fromAsync(Deno.readDir(site.folder));
      const text = await Deno.readTextFile(`${site.folder}/${stored!.name}`);
      assertEquals(faultsIn(text), []);
      assertStringIncludes(text, `<rect id="good" width="9" height="9">`);
      assertEquals(new TextDecoder().decode((await served(site.test.url)).bytes), text);
    });
  }
});

const utf16 = (text: string, little: boolean) => {
  const view = new DataView(new ArrayBuffer(text.length * 2 + 2));
  view.setUint16(0, 0xfeff, little);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2 + 2, text.charCodeAt(at), little);
  return new Uint8Array(view.buffer);
};

Deno.test("in whatever letters an SVG comes, it is read and leaves as UTF-8", async () => {
  const attack = svg(`<script>${RUN}</script><text>ñ</text>`);
  const latin = Uint8Array.from(
    `<?xml version="1.0" encoding="ISO-8859-1"?>${attack}`,
    (letter) => letter.charCodeAt(0),
  );
  for (const bytes of [utf16(attack, true), utf16(attack, false), latin]) {
    const { text } = await cleanSvg(bytes);
    assertEquals(faultsIn(text), []);
    assertStringIncludes(text, "<text>ñ</text>");
  }
});

const many = (count: number, text: string) => text.repeat(count);
const laughs = Array.from(
  { length: 12 },
  (_, n) => `<g id="l${n + 1}">${many(10, `<use href="#l${n}"/>`)}</g>`,
).join("");
const patterns = Array.from(
  { length: 8 },
  (_, n) => `<pattern id="p${n + 1}"><g fill="url(#p${n})">${many(100, "<path/>")}</g></pattern>`,
).join("");

const REFUSED: [name: string, attack: string | Uint8Array<ArrayBuffer>, why: RegExp][] = [
  ["entities", `<!DOCTYPE svg [<!ENTITY x "${RUN}">]>${svg("<text>&x;</text>")}`, /declares entities/],
  [
    "entities from elsewhere",
    `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg("&x;")}`,
    /declares entities/,
  ],
  [
    "a billion laughs",
    `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${svg("&b;")}`,
    /declares entities/,
  ],
  ["a billion laughs of use", svg(`<g id="l0"><rect/></g>${laughs}`), /draws more than/],
  [
    "a billion laughs of patterns",
    svg(`<pattern id="p0"/>${patterns}<rect fill="url(#p8)"/>`),
    /draws more than/,
  ],
  [
    "a billion laughs of classes",
    svg(`<style>.c{fill:url(#p7)}</style><pattern id="p0"/>${patterns}<rect class="c"/>`),
    /draws more than/,
  ],
  ["a circle", svg(`<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`), /refers to itself/],
  ["a deep nest", svg(many(200, "<g>") + many(200, "</g>")), /nested deeper/],
  ["too many elements", svg(many(200_001, "<g/>")), /more than 200000 elements/],
  ["too much style", svg(`<style>${many(1_000_001, " ")}</style>`), /characters of styles/],
  [
    "pictures of too many pixels",
    svg(`<image href="data:image/png;base64,${btoa(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\x01\0\0`)}"/>`),
    /pixels/,
  ],
  ["UTF-7", `<?xml version="1.0" encoding="UTF-7"?>${svg("+ADw-script+AD4-")}`, /not PNG, JPEG, WebP or SVG/],
  ["UTF-16 that does not say so", utf16(svg("<script/>"), true).slice(2), /not PNG, JPEG, WebP or SVG/],
  ["HTML", `<html><svg xmlns="http://www.w3.org/2000/svg"/></html>`, /not PNG, JPEG, WebP or SVG/],
  ["XML of another kind", `<svg xmlns="urn:x" viewBox="0 0 9 9"/>`, /not PNG, JPEG, WebP or SVG/],
  ["two attributes of one name", svg(`<rect x="1" x="2"/>`), /cannot be read/],
];

Deno.test("an SVG that would never be done, or that is none, is refused with the reason", async (t) => {
  await using site = await planSite();
  for (const [name, attack, why] of REFUSED) {
    await t.step(name, async () => {
      const { status, body } = await upload(site.test.url, attack);
      assertEquals(status, 400);
      assertMatch(body.error, why);
    });
  }
});

Deno.test("a drawing of Illustrator, Inkscape or CAD survives", async () => {
  const picture = `data:image/png;base64,${btoa(String.fromCharCode(...png(20, 20)))}`;
  const drawing = `<?xml version="1.0" encoding="utf-8"?><!-- Generator -->
    <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
    <svg version="1.1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="${XLINK}" width="297mm" height="210mm"
      viewBox="0 0 841.9 595.3" style="enable-background:new 0 0 841.9 595.3;" xml:space="preserve"
      xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">
    <style type="text/css">
      /* walls */ .st0{fill:none;stroke:#000000;stroke-width:2;} .st1,.st2{fill:url(#SVGID_1_);}
      @media print{.st0{display:none}} g > path{opacity:.9}</style>
    <defs><linearGradient id="SVGID_1_" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="9" y2="9">
      <stop offset="0" style="stop-color:#FFF200"/><stop offset="1" stop-color="rgba(0,0,0,.5)"/></linearGradient>
      <clipPath id="c"><rect width="9" height="9"/></clipPath></defs>
    <g inkscape:label="Muros" id="Muros" transform="translate(10,10) rotate(45)" clip-path="url(#c)">
      <path class="st0" d="M1,2 L3,4"/><polygon class="st1" points="1,2 3,4 5,6"/>
      <use xlink:href="#SVGID_1_" x="3"/><image width="20" height="20" xlink:href="${picture}"/>
      <text x="5" font-family="'Myriad Pro'">Estación <tspan>Ñ &amp; 1</tspan></text></g></svg>`;
  const { text, width, height } = await cleanSvg(new TextEncoder().encode(drawing));
  assertEquals([width, height], [2000, 1414]);
  const KEPT = [
    `viewBox="0 0 841.9 595.3"`,
    ".st0{fill:none;stroke:#000000;stroke-width:2}",
    ".st1,.st2{fill:url(#SVGID_1_)}",
    "g &gt; path{opacity:.9}",
    `<stop offset="0" style="stop-color:#FFF200">`,
    `stop-color="rgba(0,0,0,.5)"`,
    `<g id="Muros" transform="translate(10,10) rotate(45)" clip-path="url(#c)">`,
    `<path class="st0" d="M1,2 L3,4">`,
    `points="1,2 3,4 5,6"`,
    `<use href="#SVGID_1_" x="3">`,
    `href="${picture}"`,
    `<text x="5" font-family="'Myriad Pro'">Estación <tspan>Ñ &amp; 1</tspan></text>`,
  ];
  for (const part of KEPT) assertStringIncludes(text, part);
  assert(!text.includes("display:none") && !text.includes("inkscape"));
});

Deno.test({
  name: "a browser that opens the served picture, or shows it, runs nothing and asks for nothing",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await planSite();
    const browser = await openBrowser();
    try {
      const context = await browser.newContext({ extraHTTPHeaders: AUTHORIZATION });
      const [page, album] = [await context.newPage(), await context.newPage()];
      const seen: string[] = [];
      context.on("dialog", (dialog) => (seen.push("a script ran"), dialog.dismiss()));
      context.on("request", (request) => {
        const ours = request.url().startsWith(`${site.test.url}/`) ||
          /^(file:|data:image)/.test(request.url());
        if (!ours) seen.push(request.url());
      });
      await album.goto(`${site.test.url}/openapi.json`);
      for (const [name, attack] of Object.entries(DISARMED)) {
        if ((await upload(site.test.url, attack)).status !== 201) continue;
        const picture = `${site.test.url}/ocpp/plan/picture?at=${crypto.randomUUID()}`;
        const [stored] = await Array.fromAsync(Deno.readDir(site.folder));
        for (const address of [picture, `file://${site.folder}/${stored!.name}`]) { // with our headers, and without
          await page.goto(address);
          assertEquals(await page.evaluate(() => document.documentElement.localName), "svg");
          for (const link of await page.locator("text").all()) await link.click({ force: true });
          assertEquals(seen, [], name);
        }
        assertEquals(await album.evaluate(shownWidth, picture), 2000);
        assertEquals(seen, [], name);
      }
    } finally {
      await browser.close();
    }
  },
});

/** Shows a picture in a page; how wide it is by itself. */
async function shownWidth(source: string): Promise<number> {
  const image = document.createElement("img");
  image.src = source;
  document.body.append(image);
  await image.decode();
  return image.naturalWidth;
}
