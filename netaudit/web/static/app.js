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
