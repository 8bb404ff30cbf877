// Contrast maths of WCAG 2.2 (relative luminance) and the simulation of colour vision (Viénot 1999) with CIEDE2000
// distance, so that the token table is checked by figures and not by eye.

type Triple = readonly [number, number, number]

/** sRGB bytes of `#rrggbb`. */
export function rgbOf(hex: string): Triple {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function linear(byte: number): number {
  const c = byte / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

function linearRgb(hex: string): Triple {
  const [r, g, b] = rgbOf(hex)
  return [linear(r), linear(g), linear(b)]
}

/** WCAG contrast ratio, 1…21. */
export function contrastRatio(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = linearRgb(hex)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const a = luminance(one)
  const b = luminance(other)
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Dichromat's view of a linear RGB colour (Viénot, Brettel, Mollon 1999). */
function dichromat([r, g, b]: Triple, kind: 'protan' | 'deutan'): Triple {
  const l = 17.8824 * r + 43.5161 * g + 4.11935 * b
  const m = 3.45565 * r + 27.1554 * g + 3.86714 * b
  const s = 0.0299566 * r + 0.184309 * g + 1.46709 * b
  const l2 = kind === 'protan' ? 2.02344 * m - 2.52581 * s : l
  const m2 = kind === 'deutan' ? 0.494207 * l + 1.24827 * s : m
  return [
    0.0809444479 * l2 - 0.130504409 * m2 + 0.116721066 * s,
    -0.0102485335 * l2 + 0.0540193266 * m2 - 0.113614708 * s,
    -0.000365296938 * l2 - 0.00412161469 * m2 + 0.693511405 * s,
  ]
}

function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** CIEDE2000 distance of two CIELAB colours (Sharma, Wu, Dalal 2005). */
export function deltaE2000(one: Triple, other: Triple): number {
  const [l1, a1, b1] = one
  const [l2, a2, b2] = other
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)))
  const [p1, p2] = [(1 + g) * a1, (1 + g) * a2]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const degrees = (y: number, x: number) => (x === 0 && y === 0 ? 0 : ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360)
  const [h1, h2] = [degrees(b1, p1), degrees(b2, p2)]
  const turn = c1 * c2 === 0 ? 0 : Math.abs(h2 - h1) <= 180 ? h2 - h1 : h2 <= h1 ? h2 - h1 + 360 : h2 - h1 - 360
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn * Math.PI) / 360)
  const [meanL, meanC2] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const meanH =
    c1 * c2 === 0 ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2
  const cos = (deg: number) => Math.cos((deg * Math.PI) / 180)
  const t = 1 - 0.17 * cos(meanH - 30) + 0.24 * cos(2 * meanH) + 0.32 * cos(3 * meanH + 6) - 0.2 * cos(4 * meanH - 63)
  const sL = 1 + (0.015 * (meanL - 50) ** 2) / Math.sqrt(20 + (meanL - 50) ** 2)
  const sC = 1 + 0.045 * meanC2
  const sH = 1 + 0.015 * meanC2 * t
  const rT = -Math.sin((60 * Math.exp(-(((meanH - 275) / 25) ** 2)) * Math.PI) / 180) * 2 * Math.sqrt(meanC2 ** 7 / (meanC2 ** 7 + 25 ** 7))
  const [kL, kC, kH] = [(l2 - l1) / sL, (c2 - c1) / sC, dH / sH]
  return Math.sqrt(kL ** 2 + kC ** 2 + kH ** 2 + rT * kC * kH)
}

/** How different two colours look to a dichromat, ΔE2000. */
export function dichromatDistance(one: string, other: string, kind: 'protan' | 'deutan'): number {
  const view = (hex: string) => {
    const [r, g, b] = dichromat(linearRgb(hex), kind)
    const clip = (v: number) => Math.min(1, Math.max(0, v))
    return lab([clip(r), clip(g), clip(b)])
  }
  return deltaE2000(view(one), view(other))
}
