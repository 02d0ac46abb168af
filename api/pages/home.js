"use strict";

const state = document.getElementById("state");
const locations = document.getElementById("locations");
const names = new Map();
let tag = "";

function element(name, text, className) {
  const e = document.createElement(name);
  e.textContent = text;
  if (className) e.className = className;
  return e;
}

async function get(path, headers) {
  const answer = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(5000) });
  if (!answer.ok && answer.status !== 304) throw new Error(`${path} answers ${answer.status}`);
  return answer;
}

function section(location) {
  const box = document.createElement("section");
  box.append(element("h2", names.get(location.location_id) ?? String(location.location_id)));
  box.append(element("div", location.occupancy, "now"));
  box.append(location.connected ? element("div", "connected") : element("div", "no data coming in", "gap"));
  const table = document.createElement("table");
  for (const zone of location.zones) {
    const row = table.insertRow();
    const head = element("th", zone.name);
    head.scope = "row";
    row.append(head, element("td", zone.capacity === null ? zone.occupancy : `${zone.occupancy} of ${zone.capacity}`));
  }
  box.append(table);
  return box;
}

async function refresh() {
  try {
    const answer = await get("/api/v1/occupancy", tag ? { "If-None-Match": tag } : {});
    if (answer.status === 200) {
      const counts = await answer.json();
      if (counts.locations.some((l) => !names.has(l.location_id))) {
        for (const l of (await (await get("/api/v1/locations")).json()).locations) names.set(l.location_id, l.name);
      }
      locations.replaceChildren(...counts.locations.map(section));
      tag = answer.headers.get("ETag");
    }
    state.textContent = "People now, refreshed every second";
    state.className = "";
  } catch (error) {
    state.textContent = `The server does not answer (${error.message}); the counts are the last known ones`;
    state.className = "gap";
  }
  setTimeout(refresh, 1000);
}

refresh();
