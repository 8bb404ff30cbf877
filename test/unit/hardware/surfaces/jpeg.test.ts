// Our JPEG against ffmpeg's decoder: same pixels within what quality 90 loses, for sizes of real keys and odd ones.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { encodeJpeg } from '../../../../hardware/surfaces/streamdeck/jpeg.ts'
import { drawKey } from '../../../../hardware/surfaces/streamdeck/key-image.ts'

function decode(jpeg: Uint8Array): Buffer {
  const args = ['-v', 'error', '-xerror', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
  return execFileSync('ffmpeg', args, { input: jpeg })
}

/** RGB → RGBA. */
function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255)
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
  return rgba
}

function meanError(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0))
  return sum / a.length
}

test.each([
  [72, 72],
  [96, 96],
  [120, 120],
  [13, 9],
])('a word on a key of %i×%i survives', (width, height) => {
  const drawn = drawKey('NGẮT TIẾNG', 'red', true, width, height)
  const seen = decode(encodeJpeg(opaque(drawn), width, height))
  expect(seen).toHaveLength(drawn.length)
  expect(meanError(drawn, seen)).toBeLessThan(4)
})

test('noise, the hardest picture there is, decodes without an error', () => {
  let state = 1
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state & 0xff
  })
  expect(meanError(noise, decode(encodeJpeg(opaque(noise), 64, 64)))).toBeLessThan(12)
})
