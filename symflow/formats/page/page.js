"use strict";
// Shows what is chosen on the map, and where the flow is. Every number on the page is a string of the data: here
// numbers are read only to draw.
(() => {
const D = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id), root = document.documentElement, map = $("map");
root.classList.add("on");

// ---- numbers as strings: "p/q", or a decimal such as "-1.25…·10^(-20)"
const val = s => {
  const [, sign, mantissa, power] = /^(-?)([\d.]*)[^·]*(?:·10\^\(?(-?\d+)\)?)?/.exec(s.replace(/ /g, ""));
  if (s.includes("/")) { const [a, b] = s.split("/"); return a / b; }
  return (sign ? -1 : 1) * mantissa * 10 ** (power || 0);
};
const mo = (s, a = "") => `<mo${a}>${s}</mo>`, minus = mo("−", ' form="prefix"');
const size = s => {
  if (!/^[\d./…\s·^()-]+$/.test(s)) return `<mtext>${s}</mtext>`;
  if (s.includes("/")) { const [a, b] = s.split("/"); return `<mfrac><mn>${a}</mn><mn>${b}</mn></mfrac>`; }
  const [m, p] = s.split("·10^");
  return `<mn>${m}</mn>` + (p ? mo("·") + `<msup><mn>10</mn><mrow>${num(p.replace(/[()]/g, ""))}</mrow></msup>` : "");
};
const num = s => s[0] === "-" ? minus + size(s.slice(1)) : size(s);
// fences may stretch only where something is high: browsers leave room around those that may
const fenced = h => { const a = h.includes("<mfrac>") ? "" : ' stretchy="false"'; return mo("(", a) + h + mo(")", a); };
const tuple = v => v.length > 1 ? fenced(v.map(num).join(mo(","))) : num(v[0]);
// a vector of long numbers in pieces, between which a line may break
const loose = (v, head = "") => v.length < 2 || !v.some(s => s.includes("…")) ? math(head + tuple(v))
  : v.map((s, i) => math((i ? "" : head + mo("(", ' stretchy="false"')) + num(s) + (i < v.length - 1 ? mo(",") : mo(")", ' stretchy="false"')))).join(" ");
const math = h => `<math>${h}</math>`;
const letter = ([a, i]) => i ? `<msub><mi>${a}</mi><mn>${i}</mn></msub>` : `<mi>${a}</mi>`;
const plain = s => s.replace("-", "−");

// a sum of numbers times letters, the constant last: in MathML, and in words
const terms = (v, names) => v.map((c, i) => [c, names[i]]).filter(([c]) => c !== "0");
const sum = (v, names) => terms(v, names).map(([c, x], i) => {
  const down = c[0] === "-", a = down ? c.slice(1) : c;
  return (down ? (i ? mo("−") : minus) : i ? mo("+") : "") + (a !== "1" || !x ? size(a) : "") + (x || "");
}).join("") || "<mn>0</mn>";
// the same in pieces, one a summand, between which a line may break
const pieces = (head, v, names) => {
  const all = terms(v, names);
  if (all.length < 3 && !v.some(c => c.includes("…"))) return math(head + sum(v, names));
  return all.map(([c, x], i) => {
    const down = c[0] === "-", a = down ? c.slice(1) : c, sign = down ? (i ? mo("−", ' form="infix"') : minus) : i ? mo("+", ' form="infix"') : "";
    return math((i ? "" : head) + sign + (a !== "1" || !x ? size(a) : "") + (x || ""));
  }).join(" ");
};
const spoken = (v, names) => terms(v, names).map(([c, x], i) => {
  const down = c[0] === "-", a = down ? c.slice(1) : c;
  return (down ? (i ? " − " : "−") : i ? " + " : "") + (a !== "1" || !x ? a : "") + (x || "");
}).join("") || "0";
const signs = s => `<span class="pat">${s.replace(/-/g, "−").replace(/\|/g, " | ")}</span>`;
const names = D.names.map(letter), said = D.names.map(n => n.join(""));
const F = `<mi>${D.letter}</mi>`, dF = x => mo("∂", ' form="prefix" lspace="0" rspace="0"') + F + (x ? point(x) : "");
const point = x => fenced(x.map(num).join(mo(",")));
const vec = i => D.vectors[i];

// ---- the Clarke differential, drawn in the line or the plane of gradients
const svg = (n, a, t = "") => `<${n}${Object.entries(a).map(([k, v]) => ` ${k}="${v}"`).join("")}>${t}</${n}>`;
const r1 = x => Math.round(x * 10) / 10;
function picture(h, q, a, out) {
  const P = h.map(i => vec(i).map(val)), Q = vec(q).map(val), A = vec(a).map(val), flat = Q.length < 2, W = 330, H = flat ? 120 : 290;
  const put = p => flat ? [p[0], 0] : p, box = all => [Math.min, Math.max].map(m => [0, 1].map(i => m(...all.map(p => put(p)[i]))));
  const extent = ([lo, hi]) => Math.max(hi[0] - lo[0], hi[1] - lo[1]);
  // the set fills the window: 0 is in it too unless the set would then have less than a third of it
  const own = [...P, Q, A], whole = box([...own, Q.map(() => 0)]), far = extent(box(own)) > 0 && extent(whole) > 3 * extent(box(own));
  const length = Math.hypot(...Q), u = [-Q[0] / length, flat ? 0 : Q[1] / length];  // from the shortest element to 0, as drawn
  const level = Math.abs(u[1]) < .5, room = far ? 62 : 44, side = far && level ? 116 : room;
  const [lo, hi] = far ? box(own) : whole, wide = Math.max(hi[0] - lo[0], 1e-300), tall = hi[1] - lo[1];
  let s = Math.min((W - 2 * side) / wide, flat ? Infinity : (H - 2 * room) / Math.max(tall, 1e-300));
  if (hi[0] === lo[0] && !tall) s = 50;
  const cx = W / 2 - s * (lo[0] + hi[0]) / 2, cy = H / 2 + s * (lo[1] + hi[1]) / 2;
  const at = p => [r1(cx + s * p[0]), r1(cy - s * (flat ? 0 : p[1]))], [qx, qy] = at(Q), [ax, ay] = at(A);
  const inX = cx > 0 && cx < W, inY = cy > 0 && cy < H;
  let o = svg("path", {class: "axis", d: (inY ? `M0 ${r1(cy)}H${W}` : "") + (inX ? (flat ? `M${r1(cx)} ${r1(cy - 6)}v12` : `M${r1(cx)} 0V${H}`) : "")});
  const ten = 10 ** Math.floor(Math.log10((flat ? wide : Math.max(wide, tall)) || 1)), one = s * ten;
  const tens = ten >= 1e6 || ten < 1e-4 ? ten.toExponential(0) : ten;
  if (far) o += svg("path", {class: "axis scale", d: `M8 ${H - 18}v8m0 -4h${r1(one)}m0 -4v8`}) + svg("text", {class: "s", x: r1(14 + one), y: H - 10}, tens);
  else if (isFinite(one) && one > 8 && one < W - cx - 10) o += svg("path", {class: "axis", d: `M${r1(cx + one)} ${r1(cy - 4)}v8`})
    + svg("text", {class: "s", x: r1(cx + one), y: r1(cy + 17), "text-anchor": "middle"}, tens);
  const mid = [0, 1].map(i => P.reduce((t, p) => t + (p[i] || 0), 0) / P.length);
  const ring = [...P].sort((u, v) => Math.atan2((u[1] || 0) - mid[1], u[0] - mid[0]) - Math.atan2((v[1] || 0) - mid[1], v[0] - mid[0]));
  if (P.length > 1) o += svg("polygon", {class: "hull", points: ring.map(p => at(p).join()).join(" ")});
  // marks are smaller than a small set
  const k = P.length > 1 ? Math.min(1, Math.max(.3, s * extent(box(P)) / 60)) : 1, m = x => r1(k * x);
  for (const p of P) { const [x, y] = at(p); o += svg("circle", {class: "pt", cx: x, cy: y, r: m(4)}); }
  const down = level ? cy - s * mid[1] < qy - 1 : u[1] > 0;  // words beside the arrow, not on the set
  if (far && length) {
    const tip = [qx + 38 * u[0], qy + 38 * u[1]], back = t => `l${r1(-9 * Math.cos(t))} ${r1(-9 * Math.sin(t))}`, turn = Math.atan2(u[1], u[0]);
    const place = `M${r1(tip[0])} ${r1(tip[1])}`;
    o += svg("path", {class: "near", d: `M${qx} ${qy}L${r1(tip[0])} ${r1(tip[1])}`}) + svg("path", {class: "tip", d: place + back(turn - .4) + place + back(turn + .4)})
      + svg("text", {class: "s away", x: r1(level ? qx + 14 * Math.sign(u[0]) : Math.min(Math.max(tip[0], 50), W - 50)), y: r1(Math.min(Math.max(tip[1] + (down ? 15 : -8), 24), H - 24)), "text-anchor": level ? u[0] > 0 ? "start" : "end" : "middle"},
        `to 0, ≈ ${+length.toPrecision(3)} away`);
  } else if (length) o += svg("path", {class: "near", d: `M${r1(cx)} ${r1(cy)}L${qx} ${qy}`});
  o += svg("path", {class: "short", d: `M${r1(qx - 6.4 * k)} ${qy}l${m(6.4)} ${m(-6.4)} ${m(6.4)} ${m(6.4)} ${m(-6.4)} ${m(6.4)}z`});
  o += out ? svg("path", {class: "ad no", d: `M${ax - 7} ${ay - 7}l14 14m-14 0l14 -14`}) : svg("circle", {class: "ad", cx: ax, cy: ay, r: m(9)});
  const right = ax < W - 90, below = far ? down === level : ay > cy - s * mid[1] + 1 && ay + 24 < H;  // away from the set, or from the arrow
  o += svg("text", {class: out ? "no" : "ink", x: ax + (right ? 14 : -14), y: ay + (below ? 22 : -12) + (far && level ? below ? 10 : -12 : 0), "text-anchor": right ? "start" : "end"}, "autodiff");
  const sub = i => D.names[i][1] ? "∂" + "₀₁₂₃₄₅₆₇₈₉"[D.names[i][1]] + D.letter : "∂" + D.letter + "/∂" + D.names[i][0];
  if (!flat) o += svg("text", {class: "s", x: W - 4, y: inY ? r1(cy - 6) : H - 8, "text-anchor": "end"}, sub(0) + (inY ? "" : " →")) + svg("text", {class: "s", x: inX ? r1(cx + 6) : 6, y: 12}, sub(1) + (inX ? "" : " ↑"));
  return svg("svg", {class: "set", viewBox: `0 0 ${W} ${H}`, role: "img",
    "aria-label": `The Clarke differential; autodiff is ${out ? "not " : ""}in it` + (far && length ? `; 0 is ≈ ${+length.toPrecision(3)} away` : "")}, o);
}
const exact = how => `<p><span class="tag"><span aria-hidden="true">■</span> <b>exact</b> <i>${how}</i></span></p>`;
const list = rows => `<dl>${rows.map(([t, d]) => `<dt>${t}</dt><dd>${d}</dd>`).join("")}</dl>`;

function cellPanel(i) {
  const [s, g, c, bounded] = D.cells[i - 1];
  return `<h2>Cell ${i}</h2>` + list([...(s ? [["pattern", signs(s)]] : []), ["on it", pieces(F + mo("="), [...vec(g), c], names)],
    [names.length > 1 ? "gradient" : "slope", loose(vec(g), (names.length > 1 ? mo("∇") + F : F + mo("′")) + mo("="))],
    ["bounded", bounded ? "yes" : "no"]])
    + picture([g], g, g, false) + `<p>Inside a cell ${math(dF() + mo("=") + mo("{", ' stretchy="false"') + (names.length > 1 ? mo("∇") + F : F + mo("′")) + mo("}", ' stretchy="false"'))}, and automatic differentiation returns it.</p>`
    + exact("affine there; a point inside is stored");
}
function facePanel(k, title) {
  const n = k.h.length, zero = vec(k.q).every(x => x === "0"), set = k.h.map(i => loose(vec(i))).join(", ");
  let o = `<h2>${title}</h2>` + list([...(k.s ? [["pattern", signs(k.s)]] : []), ["cells here", k.c.map(i => `<a href="#c${i}">${i}</a>`).join(", ")],
    ...(k.f ? [["value", math(F + mo("=") + num(k.f))]] : [])]);
  o += `<p>${math(dF(k.x) + mo("="))} ${n > 1 ? "conv&hairsp;{ " : "{ "}${set} }, ${D.shapes[k.m]}.${k.n > n ? ` ${k.n - n} more ${k.n - n > 1 ? "limits" : "limit"} of gradients inside.` : ""}</p>`;
  o += picture(k.h, k.q, k.a, k.o);
  o += list([["shortest element ◇", loose(vec(k.q)) + (zero ? `, so ${k.x ? "the point is" : "its points are"} critical` : "")],
    ["autodiff", loose(vec(k.a)) + (k.o ? ' <strong class="no">is not in the set</strong>' : " is in the set")]]);
  if (k.o) {
    const [d, sign, bound, value] = k.o, v = vec(d), s = v.map((_, i) => letter(["s", v.length > 1 ? i + 1 : ""]));
    o += `<p>Every ${math("<mi>s</mi>" + mo("∈") + dF(k.x))} has ${math(sum([...v, "0"], s) + mo(sign) + num(bound))}; automatic differentiation's vector gives ${math(num(value))}.</p>`;
  }
  return o + exact(`limits from the ${k.c.length} cells that meet here; these are all`);
}
function panel(id) {
  const i = +id.slice(1);
  if (id[0] === "c") return cellPanel(i);
  if (id[0] === "w") { const w = D.walls[i - 1]; return facePanel(w, `The wall between cells ${w.c[0]} and ${w.c[1]}`); }
  const v = D.corners[i - 1];
  const away = map && !nodes[id] ? `<p class="off">It lies off the map.</p>` : "";
  return facePanel(v, `${names.length > 1 ? "The corner" : "The point"} ${math(names.length > 1 ? tuple(v.x) : names[0] + mo("=") + num(v.x[0]))}`).replace("</h2>", "</h2>" + away);
}
const label = id => {
  const i = +id.slice(1);
  if (id[0] === "c") return `cell ${i}, ${D.letter} = ${spoken([...vec(D.cells[i - 1][1]), D.cells[i - 1][2]], said)}`;
  if (id[0] === "w") return `wall between cells ${D.walls[i - 1].c.join(" and ")}`;
  const v = D.corners[i - 1];
  return `${names.length > 1 ? "corner" : "kink"} (${v.x.map(plain).join(", ")})` + (v.o ? ", autodiff is not in the Clarke differential" : "");
};

// ---- choosing: one Tab stop for cells, walls and corners each, the arrows go round
const kinds = {c: [], w: [], v: []}, nodes = {};
const number = e => +e.id.slice(1);
if (map) {
  for (const e of map.querySelectorAll(".cell,.hit,.vert")) { kinds[e.id[0]].push(e); nodes[e.id] = e; }
  for (const k in kinds) kinds[k].sort((a, b) => number(a) - number(b)).forEach((e, i) => {
    e.setAttribute("tabindex", i ? -1 : 0); e.setAttribute("role", "button"); e.setAttribute("aria-label", label(e.id));
  });
  const own = e => nodes[e.target.id] ? e.target.id : null;
  map.addEventListener("click", e => own(e) && pick(own(e)));
  map.addEventListener("pointerover", e => e.pointerType === "mouse" && own(e) && show(own(e)));
  map.addEventListener("pointerleave", () => show(pinned));
  // on the parent: an SVG element that listens for the focus would be a stop of the Tab key itself
  map.parentNode.addEventListener("focusin", e => own(e) && e.target.matches(":focus-visible") && pick(own(e)));
  map.addEventListener("keydown", e => {
    const id = own(e), step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key], ends = {Home: 0, End: -1}[e.key];
    if (!id || e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === "Enter" || e.key === " ") { e.preventDefault(); pick(id); }
    if (step === undefined && ends === undefined) return;
    e.preventDefault();
    const all = kinds[id[0]], next = step ? all[(all.indexOf(nodes[id]) + step + all.length) % all.length] : all.at(ends);
    pick(next.id); next.focus({preventScroll: true});
  });
}
// ---- nearer and further: the part of the map that is seen; lines, marks and letters keep their size on the screen
const plane = map && $("zoom"), [, , W0, H0] = plane ? map.getAttribute("viewBox").split(" ").map(Number) : [], MOST = 64;
let Z = 1, left = 0, high = 0;
const middle = e => { const b = e.getBBox(); return [b.x + b.width / 2, b.y + b.height / 2]; };
const seen = ([x, y]) => x >= left && x <= left + W0 / Z && y >= high && y <= high + H0 / Z;
const between = (x, low, top) => Math.min(Math.max(x, low), top);
function look(z, x, y) {
  Z = between(z, 1, MOST); const w = W0 / Z, h = H0 / Z;
  left = between(x - w / 2, 0, W0 - w); high = between(y - h / 2, 0, H0 - h);
  map.setAttribute("viewBox", `${left} ${high} ${w} ${h}`);
  map.style.setProperty("--z", Z); map.classList.toggle("near-by", Z > 1);
  for (const e of map.querySelectorAll("circle")) { e.R = e.R || +e.getAttribute("r"); e.setAttribute("r", e.R / Z); }
  marks(w, h); if (moved) moved();
  $("scale").textContent = Z > 1 ? `${+Z.toPrecision(2)}×` : "";
}
let numbers = "", moved = null;
function marks(w, h) {
  const g = $("ticks"), [a, b, c, d] = map.dataset.view.split(" ").map(Number); numbers = numbers || g.innerHTML;
  if (Z === 1) { g.innerHTML = numbers; return; }
  const range = (from, to) => {
    const ten = 10 ** Math.floor(Math.log10((to - from) / 4)), step = [5, 2, 1].map(k => k * ten).find(k => (to - from) / k >= 4) || ten, all = [];
    for (let k = Math.ceil(from / step); k * step <= to; k++) all.push([k * step, plain(String(+(k * step).toPrecision(9)))]);
    return all;
  };
  const text = (x, y, anchor, t) => svg("text", {class: "s", x, y, "text-anchor": anchor}, t);
  let o = "";
  for (const [v, t] of range((left - a) / b, (left + w - a) / b)) { const x = a + b * v; if (x < left + w - 60 / Z) o += text(x + 4 / Z, high + h - 8 / Z, "start", t) + svg("path", {class: "border", d: `M${x} ${high + h}v${-6 / Z}`}); }
  for (const [v, t] of range((high + h - c) / d, (high - c) / d)) { const y = c + d * v; if (y < high + h - 26 / Z && y > high + 24 / Z) o += text(left + w - 8 / Z, y - 5 / Z, "end", t) + svg("path", {class: "border", d: `M${left + w} ${y}h${-6 / Z}`}); }
  const n = i => D.names[i][0] + (D.names[i][1] ? [...String(D.names[i][1])].map(k => "₀₁₂₃₄₅₆₇₈₉"[k]).join("") : "");
  g.innerHTML = o + text(left + w - 8 / Z, high + h - 8 / Z, "end", n(0)) + text(left + 8 / Z, high + 16 / Z, "start", n(1));
}
// towards what is chosen, where it is on the map
const centre = () => { const e = nodes[shown], m = e && middle(e), now = [left + W0 / Z / 2, high + H0 / Z / 2]; return m && (shown[0] !== "c" || Z === 1 || seen(m)) ? m : now; };
const nearer = k => look(Z * k, ...centre());
function nearest() {
  const e = nodes[shown]; if (!e) return;
  const m = middle(e), b = e.getBBox();
  const others = kinds.v.filter(o => o !== e).map(o => Math.hypot(...middle(o).map((x, i) => x - m[i]))).filter(x => x > .05);
  look(shown[0] === "v" ? between(70 / Math.min(...others, 35), 2, MOST) : .7 * Math.min(W0 / Math.max(b.width, 1), H0 / Math.max(b.height, 1)), ...m);
}
if (plane) {
  $("in").addEventListener("click", () => nearer(2)); $("out").addEventListener("click", () => nearer(.5));
  $("all").addEventListener("click", () => look(1, 0, 0)); $("near").addEventListener("click", nearest);
  map.parentNode.addEventListener("keydown", e => {
    if (e.altKey || e.ctrlKey || e.metaKey || !/^[-+=−0]$/.test(e.key)) return;
    e.preventDefault(); e.key === "0" ? look(1, 0, 0) : nearer(e.key === "+" || e.key === "=" ? 2 : .5);
  });
  const spot = e => { const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(map.getScreenCTM().inverse()); return [(p.x - left) * Z / W0, (p.y - high) * Z / H0]; };
  map.addEventListener("wheel", e => {
    if (!e.ctrlKey) return;
    e.preventDefault();
    const [p, q] = spot(e), x = left + p * W0 / Z, y = high + q * H0 / Z, z = between(Z * 2 ** (-e.deltaY / 200), 1, MOST);
    look(z, x + (.5 - p) * W0 / z, y + (.5 - q) * H0 / z);  // what is under the pointer stays there
  }, {passive: false});
  let held = null, dragged = false;
  map.addEventListener("pointerdown", e => { dragged = false; held = Z > 1 && e.pointerType === "mouse" && !e.button ? [spot(e), left, high] : null; });
  addEventListener("pointermove", e => {
    if (!held) return;
    const [[p, q], x, y] = held, [r, s] = spot(e);
    if (Math.hypot(r - p, s - q) > .01) dragged = true;
    if (dragged) look(Z, x + (p - r + .5) * W0 / Z, y + (q - s + .5) * H0 / Z);
  });
  addEventListener("pointerup", () => { held = null; });
  map.addEventListener("click", e => { if (dragged) e.stopPropagation(); }, true);
}
let pinned = "", shown = "";
const known = id => id === "p" ? !!$("p") : /^[cwv]\d+$/.test(id) && !!({c: D.cells, w: D.walls, v: D.corners}[id[0]] || [])[id.slice(1) - 1];
function show(id) {
  if (id === shown || !id) return;
  if (nodes[shown]) nodes[shown].classList.remove("sel");
  shown = id;
  if (nodes[id]) nodes[id].classList.add("sel");
  if ($("p")) $("p").hidden = id !== "p";
  $("chosen").innerHTML = id === "p" ? "" : panel(id);
  if ($("back")) $("back").parentNode.hidden = id === "p";
}
function pick(id, keep) {
  pinned = id; show(id);
  // a choice from elsewhere comes into view
  if (plane && Z > 1 && nodes[id] && id[0] !== "c" && !seen(middle(nodes[id]))) look(Z, ...middle(nodes[id]));
  if (nodes[id]) kinds[id[0]].forEach(e => e.setAttribute("tabindex", e.id === id ? 0 : -1));
  if (!keep) history.replaceState(null, "", "#" + id);
}
addEventListener("hashchange", () => { const h = location.hash.slice(1); if (known(h)) pick(h, true); });
document.addEventListener("click", e => {
  const a = e.target.closest('a[href^="#"]'), h = a && a.getAttribute("href").slice(1);
  if (a && known(h)) { e.preventDefault(); pick(h); if (!$("info").contains(a)) $("info").scrollIntoView({block: "nearest"}); }
});

// ---- the flow: each place of the slider has its numbers
const flow = D.flow, T = $("t");
if (flow && T) {
  const last = flow.at.length - 1, stops = Object.keys(flow.events).map(Number).sort((a, b) => a - b);
  if (!stops.includes(0)) stops.unshift(0);
  if (!stops.includes(last)) stops.push(last);
  T.max = last;
  const [a, b, c, d] = map ? map.dataset.view.split(" ").map(Number) : [];
  const add = (n, at) => { const e = document.createElementNS("http://www.w3.org/2000/svg", n); for (const k in at) e.setAttribute(k, at[k]); map.append(e); return e; };
  const moves = map && flow.legs && flow.variable === "x" && D.names[0][0] === "x";
  const arrow = moves && add("path", {class: "flow", d: ""}), dot = moves && add("circle", {class: "now", r: 7});
  const line = $("chart") && $("chart").querySelector(".now"), xs = line ? $("chart").dataset.places.split(" ") : [];
  const x = flow.variable, say = (h, v) => `<span>${math(h + mo("=") + v)}</span>`;
  const word = n => /^[a-zA-Z]$/.test(n) ? `<mi>${n}</mi>` : `<mtext>${n}</mtext>`;
  const place = follow => {
    const k = +T.value, [t, state, value, leg, id] = flow.at[k], on = flow.legs && flow.legs[leg];
    const values = Array.isArray(value) ? value : [value];
    let o = say("<mi>t</mi>", num(t));
    if (!flow.lines) o += say(`<mi>${x}</mi>`, tuple(state)) + (on && on.v ? say(`<mover><mi>${x}</mi>${mo("˙")}</mover>`, tuple(on.v)) : "");
    flow.columns.forEach((n, i) => { if (values[i]) o += say(word(n), num(values[i])); });
    if (flow.lines) for (const [name, at] of flow.lines) o += `<span>${name} ${math(mo("=") + tuple(at.map(i => state[i])))}</span>`;
    $("say").innerHTML = o + (flow.how === "exact" ? "" : `<br>${flow.how}`);
    $("event").textContent = (flow.events[k] ? (k ? "event: " : "") + flow.events[k] : "") || (on ? on.w : "");
    T.setAttribute("aria-valuetext", `t = ${plain(t)}` + (flow.lines ? "" : `, ${x} = (${state.map(plain).join(", ")})`));
    if (dot) {
      const p = (state.length > 1 ? state : [state[0], value]).map(val), X = a + b * p[0], Y = c + d * p[1];
      dot.setAttribute("cx", X); dot.setAttribute("cy", Y);
      const v = on && on.v && on.v.length > 1 ? on.v.map(val) : [0, 0], n = Math.hypot(b * v[0], d * v[1]) || 1;
      arrow.setAttribute("d", `M${X} ${Y}l${32 * b * v[0] / n / Z} ${32 * d * v[1] / n / Z}`);
    }
    if (line) line.setAttribute("d", line.getAttribute("d").replace(/^M[\d.]+/, "M" + xs[k]));
    const go = id || (on && on.id);
    if (follow && go) pick(go);
  };
  T.addEventListener("input", () => place(true));
  $("prev").addEventListener("click", () => { T.value = Math.max(...stops.filter(e => e < +T.value), 0); place(true); });
  $("next").addEventListener("click", () => { T.value = Math.min(...stops.filter(e => e > +T.value), last); place(true); });
  const first = flow.at.findIndex(p => p[4] && p[4] === D.start);
  T.value = Math.max(first, 0);
  place(false);
  moved = () => place(false);
} else if ($("slider")) $("slider").hidden = true;

const asked = location.hash.slice(1);
pick(known(asked) ? asked : D.start, true);
})();
