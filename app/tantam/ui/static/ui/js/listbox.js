// One list of options moved through from a text box that keeps the focus (the ARIA combobox pattern).
export class Listbox {
  constructor(input, list, { choose }) {
    this.input = input;
    this.list = list;
    this.choose = choose;
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]:not([aria-disabled=true])")].filter((option) => !option.hidden);
  }

  // What the server sent as plain links becomes options of this list.
  adopt() {
    for (const option of this.list.querySelectorAll("a[role=option]")) {
      option.tabIndex = -1;
      if (!option.hasAttribute("aria-selected")) option.setAttribute("aria-selected", "false");
    }
    for (const none of this.list.querySelectorAll(".t-option-none")) {
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
    }
  }

  get active() {
    return this.list.querySelector("[role=option][aria-selected=true]");
  }

  activate(option) {
    for (const other of this.list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    if (option) {
      option.id ||= `${this.list.id}-${crypto.randomUUID()}`;
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  // True when the key was for the list.
  key(event) {
    const options = this.options;
    const at = options.indexOf(this.active);
    if (event.key === "ArrowDown") this.activate(options[(at + 1) % options.length]);
    else if (event.key === "ArrowUp") this.activate(options[(at - 1 + options.length) % options.length] ?? options.at(-1));
    else if (event.key === "Enter" && this.active) this.choose(this.active, event);
    else return false;
    event.preventDefault();
    return true;
  }
}
