// Live updates: one stream per page. A topic like "member:7:bell" is heard as the event "live:member:7:bell"
// and as "live:bell"; "*" means something was missed, and everything asks again.
import { meta } from "./dom.js";

const names = (topic) => [topic, topic.split(":").at(-1)];

const tell = (facts) => {
  const { topic } = facts;
  for (const element of document.querySelectorAll("[data-live-refresh]")) {
    const wanted = element.dataset.liveRefresh.split(/\s+/);
    if (topic === "*" || names(topic).some((name) => wanted.includes(name))) window.htmx?.trigger(element, "live");
  }
  for (const name of new Set(topic === "*" ? ["*", "bell"] : names(topic)))
    document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail: facts }));
};

export const start = () => {
  const address = new URL(meta("live-url"), location.href);
  address.searchParams.set("ticket", meta("live-ticket"));
  let stream;
  let missed = false;
  const listen = () => {
    stream = new EventSource(address);
    stream.onmessage = (event) => tell(JSON.parse(event.data));
    stream.onopen = () => {
      if (missed) tell({ topic: "*" });
      missed = false;
    };
    stream.onerror = () => {
      missed = true;
    };
  };
  listen();
  // A page put away (phone locked, tab behind) gives its connection back and asks again when it returns.
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    missed = true;
    listen();
  });
};
