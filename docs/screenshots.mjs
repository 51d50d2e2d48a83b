// Takes the pictures of the documentation from the samples, so that they stay true. Needs Node.js 20 and Chromium.
//   for sample in QuickStart WebAndPhone Shop; do dotnet build samples/$sample -c Release; done
//   node --experimental-websocket docs/screenshots.mjs                  # all pictures
//   node --experimental-websocket docs/screenshots.mjs webAndPhone      # those of one part
import { open, received, startBrowser, startSample, stopAll } from "./screenshots/tools.mjs";

const parts = { firstExperiment, webAndPhone, shop, trust };

/** The tutorial's application: eight visitors open the page, every second one buys, and the live page shows it. */
async function firstExperiment(send) {
  const site = "http://127.0.0.1:5475";
  await startSample("QuickStart", site);
  for (let visitor = 0; visitor < 8; visitor++) {
    const page = await open(send, site, 800, 240);
    await page.until("window.Kameleoon !== undefined");
    if (visitor === 0) await page.save("first-experiment-page.png");
    await received(site, "experiment", visitor + 1);
    if (visitor % 2 === 1) {
      await page.evaluate("document.querySelector('button').click()");
      await received(site, "conversion", (visitor + 1) / 2);
    }
    await page.close();
  }

  const live = await open(send, `${site}/_kameleoon`, 1200, 800);
  await live.until("document.body.innerText.includes('greeting') && document.body.innerText.includes('warm')");
  await live.save("first-experiment-live.png");
}

/** One person: a phone signs in, sees a button and buys; then a browser signs in as the same person. */
async function webAndPhone(send) {
  const site = "http://127.0.0.1:5476";
  await startSample("WebAndPhone", site);
  const signIn = await (await fetch(`${site}/phone/sign-in?name=anna`, { method: "POST" })).json();
  const post = async (path, body, headers = {}) => (await fetch(site + path, {
    method: "POST",
    headers: { ...headers, Authorization: `Bearer ${signIn.accessToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  })).json().catch(() => undefined);
  const { visitorCode } = await post("/kameleoon/decisions", { keys: ["buy-button"], track: false });
  const report = (event) => post("/kameleoon/events", { events: [event] }, { "Idempotency-Key": crypto.randomUUID() });
  await report({ type: "exposure", key: "buy-button" });
  await report({ type: "conversion", goalId: 3001, revenue: 19.9 });
  await received(site, "conversion", 1);

  const page = await open(send, `${site}/`, 800, 240);
  await page.until("window.Kameleoon !== undefined");
  await page.evaluate("document.querySelector('form').submit()");
  await page.until(`document.body.innerText.includes(${JSON.stringify(visitorCode)}) && window.Kameleoon !== undefined`);
  await page.save("web-and-phone-page.png");
  const live = await open(send, `${site}/_kameleoon#visitors`, 1200, 900);
  const cell = `[...document.querySelectorAll('main *')].filter(e => e.innerText?.includes('${visitorCode}')).at(-1)`;
  await live.until(`/server[^]*engine|engine[^]*server/.test(${cell}?.closest('a, li, tr')?.innerText)`);
  await live.evaluate("location.hash += '/' + " + JSON.stringify(visitorCode));
  await live.until("/bought|conversion|order/i.test(document.querySelector('main').innerText)");
  await live.save("web-and-phone-live.png");
}

/** The shop: its catalogue, the inspector and the live page after some visitors. */
async function shop(send) {
  const site = "http://127.0.0.1:5470";
  await startSample("Shop", site);
  for (let visitor = 0; visitor < 24; visitor++) {
    const page = await open(send, `${site}/`, 1200, 560, `visitor${visitor}`);
    await page.until("window.Kameleoon !== undefined");
    if (visitor === 0) await page.save("shop.png");
    await page.close();
  }

  const page = await open(send, `${site}/`, 1200, 800, "visitor3");
  await page.evaluate("document.querySelector('#kameleoonInspector').shadowRoot.querySelector('.pill').click()");
  await page.save("inspector.png");

  const live = await open(send, `${site}/_kameleoon`, 1200, 900);
  await live.until("document.body.innerText.includes('catalogue')");
  await live.save("live-page.png");
}

/** The page of trust, where every third page of the variation "gallery" tells the server that the engine did not run. */
async function trust(send) {
  const site = "http://127.0.0.1:5471";
  await startSample("Shop", site);
  let galleries = 0;
  for (let visitor = 0; visitor < 600; visitor++) {
    const headers = { Cookie: `kameleoonVisitorCode=visitor${visitor}`, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
    const html = await (await fetch(`${site}/`, { headers })).text();
    if (html.includes("Eight characters looking for a home") && galleries++ % 3 === 0) {
      const [, image] = /<noscript><img[^>]* src="([^"]+)"/.exec(html);
      await (await fetch(site + image.replaceAll("&amp;", "&"), { headers })).text();
    }
  }

  const page = await open(send, `${site}/kameleoon/trust`, 1200, 900);
  for (let look = 0; !(await page.evaluate("/fewer acknowledgements for gallery/.test(document.body.innerText)")); look++) {
    if (look === 60) throw new Error(await page.evaluate("document.body.innerText"));
    await new Promise((resolve) => setTimeout(resolve, 1000)); // The server tests every ten seconds.
    await page.evaluate("location.reload()").catch(() => undefined);
    await page.until("document.readyState === 'complete'");
  }

  await page.save("trust.png");
}

try {
  const send = await startBrowser();
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)) {
    await parts[name](send);
  }
} finally {
  await stopAll();
}
process.exit(0);
