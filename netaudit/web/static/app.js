// What a form said on its way here is shown once, as text, and taken out of the address.
(() => {
  const address = new URL(location.href);
  const said = address.searchParams.get("said");
  const place = document.getElementById("said");
  if (said && place) {
    place.textContent = said;
    place.hidden = false;
    address.searchParams.delete("said");
    history.replaceState(null, "", address);
  }
})();

// The plan board: a card is dragged to another phase; the keyboard has a list of phases on each card.
document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-device]");
  if (card) event.dataTransfer.setData("text/plain", card.dataset.device);
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.(".phase[data-phase], .floorplan")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const phase = event.target.closest?.(".phase[data-phase]");
  const mover = document.getElementById("mover");
  if (!phase || !mover) return;
  event.preventDefault();
  mover.elements.device.value = event.dataTransfer.getData("text/plain");
  mover.elements.phase.value = phase.dataset.phase;
  htmx.trigger(mover, "submit");
});
// A floor plan: a unit is dropped where it hangs, in percent of the picture.
document.addEventListener("drop", (event) => {
  const floor = event.target.closest?.(".floorplan");
  const putter = document.getElementById("putter");
  if (!floor || !putter) return;
  event.preventDefault();
  const box = floor.getBoundingClientRect();
  putter.elements.device.value = event.dataTransfer.getData("text/plain");
  putter.elements.floor.value = floor.dataset.floor;
  putter.elements.x.value = (((event.clientX - box.left) / box.width) * 100).toFixed(2);
  putter.elements.y.value = (((event.clientY - box.top) / box.height) * 100).toFixed(2);
  htmx.trigger(putter, "submit");
});
// An error answer replaces nothing by default: its text is said where everything is said.
document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("said");
  const text = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main p:not(.said)");
  place.textContent = text ? text.textContent : "That did not work.";
  place.hidden = false;
});

// A scan says what it does, live.
(() => {
  const lines = document.querySelector("[data-events]");
  if (!lines) return;
  const source = new EventSource(lines.dataset.events);
  source.onmessage = (event) => {
    lines.append(JSON.parse(event.data) + "\n");
    lines.scrollTop = lines.scrollHeight;
  };
  source.addEventListener("end", (event) => {
    document.getElementById("job-state").textContent = JSON.parse(event.data);
    source.close();
  });
  // A broken connection asks again from the first line kept: show each once.
  source.onerror = () => { lines.textContent = ""; };
})();
