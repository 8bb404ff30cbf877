import { simulatedKeyOptions, startEmergencyKeySimulator } from '../../hardware/surfaces/hid-emergency-key/simulator.ts'
import type { MockHid } from '../../hardware/surfaces/mock-hid.ts'
import { simulatedStreamDeckProductId, startStreamDeckSimulator } from '../../hardware/surfaces/streamdeck/simulator.ts'
import { simulatedXkeysProductId, startXkeysSimulator } from '../../hardware/surfaces/xkeys/simulator.ts'
import { type Clock, systemClock } from '../../shared/domain/clock.ts'
import { driverSuite, type Subject } from './driver.suite.ts'

const lamp = (key: number, colour: 'off' | 'red' | 'green', text: string) => ({
  keys: [{ key, text, colour, flash: false }],
  causeId: 'conformance',
})

function subjectOf(start: (clock: Clock) => Promise<MockHid>): () => Promise<Subject> {
  return async () => {
    const sim = await start(systemClock)
    return {
      address: sim.address,
      silence: (on) => {
        sim.silent = on
      },
      cable: sim,
      close: () => sim.close(),
    }
  }
}

driverSuite({
  id: 'hid-emergency-key',
  options: simulatedKeyOptions,
  wishes: [lamp(0, 'red', 'KHAN CAP'), lamp(0, 'off', '')],
  start: subjectOf(startEmergencyKeySimulator),
})
driverSuite({
  id: 'streamdeck',
  options: { productId: simulatedStreamDeckProductId },
  wishes: [lamp(0, 'red', 'KHẨN CẤP'), lamp(0, 'green', 'SẴN SÀNG')],
  start: subjectOf(startStreamDeckSimulator),
})
driverSuite({
  id: 'xkeys',
  options: { productId: simulatedXkeysProductId },
  wishes: [lamp(1, 'red', 'KHẨN CẤP'), lamp(1, 'green', 'SẴN SÀNG')],
  start: subjectOf(startXkeysSimulator),
})
