"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const controls = byId("controls");
  if (!controls) return;
  const open = () => {
    const target = byId(location.hash.slice(1));
    if (!target || target.tagName !== "DETAILS") return;
    if (target.hidden) {
      controls.reset();
      filter();
    }
    target.open = true;
    target.scrollIntoView();
  };
  const list = byId("list");
  const number = (model) => Number(model.id.slice(1));
  const text = (model, part) => model.querySelector(part).textContent.toLowerCase();
  const orders = {
    number: () => 0,
    name: (a, b) => text(a, ".name").localeCompare(text(b, ".name"), "en"),
    maker: (a, b) => text(a, ".maker").localeCompare(text(b, ".maker"), "en"),
    places: (a, b) => b.dataset.places - a.dataset.places,
  };
  const models = [...list.children];
  const texts = new Map();
  const holds = (model, word) => {
    if (!texts.has(model)) texts.set(model, model.textContent.toLowerCase());
    return texts.get(model).includes(word);
  };
  const filter = () => {
    const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const model of models) {
      const kept =
        ["usage", "verdict", "modality"].every((key) => !byId(key).value || model.dataset[key] === byId(key).value) &&
        wanted.every((word) => holds(model, word));
      model.hidden = !kept;
      shown += kept;
    }
    byId("count").textContent = `${shown} of ${models.length}`;
  };
  controls.addEventListener("input", filter);
  controls.addEventListener("submit", (event) => event.preventDefault());
  byId("order").addEventListener("change", () => {
    const order = orders[byId("order").value];
    list.append(...models.sort((a, b) => order(a, b) || number(a) - number(b)));
  });
  controls.hidden = false;
  filter();
  addEventListener("hashchange", open);
  open();
})();
