// One loop: what the station told first, and texts not in the same frame, but never later than their longest wait.
import { describe, expect, test } from 'vitest'
import { createTicker, type Draw } from '../../../renderer/live/ticker.ts'

function loop() {
  const wanted: Draw[] = []
  const ticker = createTicker((run) => wanted.push(run))
  let nowMs = 1_000
  return {
    ticker,
    frame() {
      nowMs += 16
      const run = wanted.splice(0)
      expect(run.length).toBeLessThanOrEqual(1)
      run[0]?.(nowMs)
    },
  }
}

describe('ticker', () => {
  test('fast every frame, half every other, slow twenty times a second, and nothing once nobody listens', () => {
    const { ticker, frame } = loop()
    const ran = { fast: 0, half: 0, slow: 0 }
    const stops = [ticker.fast(() => (ran.fast += 1)), ticker.half(() => (ran.half += 1)), ticker.slow(() => (ran.slow += 1))]
    for (let at = 0; at < 64; at += 1) frame()
    expect(ran).toEqual({ fast: 64, half: 32, slow: 16 })
    for (const stop of stops) stop()
    frame()
    frame()
    expect(ran.fast).toBe(64)
  })

  test('work comes before drawing; texts wait for a frame without work', () => {
    const { ticker, frame } = loop()
    const told: string[] = []
    let busy = false
    ticker.fast(() => told.push('draw'))
    ticker.slow(() => told.push('text'))
    ticker.work(() => {
      if (busy) told.push('work')
      return busy
    })
    frame()
    expect(told.splice(0)).toEqual(['draw', 'text'])
    for (let at = 0; at < 3; at += 1) frame()
    busy = true
    told.length = 0
    frame()
    expect(told.splice(0)).toEqual(['work', 'draw'])
    busy = false
    frame()
    expect(told).toEqual(['draw', 'text'])
  })

  test('work in every frame starves neither needles nor texts', () => {
    const { ticker, frame } = loop()
    const ran = { needles: 0, texts: 0 }
    ticker.work(() => true)
    ticker.half(() => (ran.needles += 1))
    ticker.slow(() => (ran.texts += 1))
    for (let at = 0; at < 63; at += 1) frame()
    expect(ran).toEqual({ needles: 21, texts: 9 })
  })
})
