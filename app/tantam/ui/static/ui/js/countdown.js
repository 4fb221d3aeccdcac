// Time left, or time past, told every half minute.
const minute = 60_000;

const text = (distance) => {
  const minutes = Math.round(Math.abs(distance) / minute);
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "long" });
  const sign = distance < 0 ? -1 : 1;
  if (minutes < 60) return format.format(sign * minutes, "minute");
  if (minutes < 48 * 60) return format.format(sign * Math.round(minutes / 60), "hour");
  return format.format(sign * Math.round(minutes / 1440), "day");
};

const running = new Set();
const tick = () => {
  for (const element of running) {
    if (!element.isConnected) {
      running.delete(element);
      continue;
    }
    const distance = new Date(element.dateTime) - Date.now();
    element.querySelector("[data-text]").textContent = text(distance);
    element.classList.toggle("is-past", distance < 0);
  }
};
setInterval(tick, 30_000);

export const start = (element) => {
  running.add(element);
  tick();
};
