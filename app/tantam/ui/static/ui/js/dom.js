// Small things every module needs.
export const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) &&
  !/^(checkbox|radio|button|submit|reset)$/.test(element.type ?? "");

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

export const onPhone = () => matchMedia("(max-width: 47.99rem)").matches;

export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

export const foldAccents = (text) =>
  text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{Mn}/gu, "");

// Calls `found` for every element that matches now and for those which arrive later by htmx.
export const onArrival = (selector, found) => {
  const seen = new WeakSet();
  const visit = (root) => {
    const elements = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) elements.unshift(root);
    for (const element of elements) {
      if (!seen.has(element)) {
        seen.add(element);
        found(element);
      }
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.target));
};
