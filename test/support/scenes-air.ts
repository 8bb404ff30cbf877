// Scenes of the desk and of alerts, in every state worth looking at, on the fake station.
import type { Page } from 'playwright-core'
import type { CutInId } from '../../shared/domain/ids.ts'
import { dayOf, epochMs } from '../../shared/domain/time.ts'
import type { FakeOptions, FakeStation } from './fake-station.ts'

export interface Scene {
  readonly name: string
  readonly screen: string
  readonly options?: FakeOptions
  /** What is seen once it is prepared. */
  readonly shows?: string
  prepare?(station: FakeStation, page: Page): Promise<void> | void
}

const cutOff = (station: FakeStation) => ({
  cutInId: 'cutin-shot' as CutInId,
  atMs: epochMs(station.now() - 95_000),
  positionMs: 41_000,
  continues: false,
})

export const airScenes: readonly Scene[] = [
  { name: 'desk', screen: 'desk' },
  {
    name: 'desk-cut-in',
    screen: 'desk',
    shows: '.now[data-phase="cutIn"]',
    prepare: (station) => void station.air('alert-1', 'cutin-shot', 'screen', 21_000),
  },
  {
    name: 'desk-cut-in-fm',
    screen: 'desk',
    shows: '.tally[data-count="2"]',
    prepare: (station) => {
      station.air('alert-1', 'cutin-shot', 'screen', 21_000)
      station.one('wired', { phase: 'programme', cutIn: null })
    },
  },
  {
    name: 'desk-interrupted',
    screen: 'desk',
    shows: '.emergency-row[data-cut-off="true"]',
    prepare: (station) => void station.setAlert('alert-1', { previewedMs: 18_000, interrupted: cutOff(station) }),
  },
  {
    name: 'desk-split',
    screen: 'desk',
    shows: '.tally[data-count="2"]',
    prepare: (station) => {
      station.change({
        onair: station.world.onair.map((output, index) => (index === 0 ? output : { ...output, phase: 'held', onAir: 'unconfirmed' })),
      })
    },
  },
  {
    name: 'desk-resume',
    screen: 'desk',
    shows: '.now[data-phase="awaitingResume"]',
    prepare: (station) =>
      station.change({
        onair: station.world.onair.map((output) => ({
          ...output,
          phase: 'awaitingResume',
          onAir: 'off',
          awaiting: { itemId: output.now!.itemId, title: output.now!.title, positionMs: 162_000 },
          now: null,
        })),
      }),
  },
  {
    name: 'desk-stopped',
    screen: 'desk',
    shows: '.ribbon.stopped',
    prepare: (station) =>
      station.change({
        station: { ...station.world.station, mode: 'stopped' },
        onair: station.world.onair.map((output) => ({
          ...output,
          phase: 'stopped',
          onAir: 'off',
          now: null,
          stoppedSinceMs: station.now(),
        })),
      }),
  },
  { name: 'desk-empty', screen: 'desk', options: { empty: true } },
  {
    name: 'desk-question',
    screen: 'desk',
    shows: '.questions-key',
    prepare: (station) => {
      const asked = { day: dayOf(station.now()), differenceId: 'late/fm/a', text: 'Vì sao?', by: 'Lò Thị Mai', atMs: station.now() }
      station.change({ questions: [asked, { ...asked, differenceId: 'late/fm/b' }] })
    },
  },
  {
    name: 'desk-live',
    screen: 'desk',
    shows: '.ribbon.mic',
    prepare: (station) => {
      station.change({
        station: { ...station.world.station, training: false, liveFiring: true },
        alarms: [
          {
            alarmId: 'p1',
            priority: 1,
            code: 'CARRIER_STUCK',
            params: { device: 'Máy phát FM 64,2 MHz' },
            raisedAtMs: station.now(),
            acknowledgedAtMs: null,
          },
          ...station.world.alarms,
        ],
      })
      station.setOutputs({ phase: 'liveInput', openInputs: ['mic-1' as never], soundingInputs: ['mic-1' as never] })
    },
  },
  { name: 'alerts', screen: 'alerts' },
  {
    name: 'alerts-preview',
    screen: 'alerts',
    shows: '.preview-bar[data-playing="true"]',
    prepare: async (station, page) => {
      station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000 })
      await page.keyboard.press('F9')
      await station.order('preview')
      station.change({ cue: { ...station.world.cue!, offsetMs: 18_000 } })
    },
  },
  {
    name: 'alerts-armed',
    screen: 'alerts',
    shows: '.fire-key:not(.locked)',
    prepare: (station) => void station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000 }),
  },
  {
    name: 'alerts-unheard',
    screen: 'alerts',
    shows: '.fire-key:not(.locked)',
    prepare: (station) => void station.setAlert('alert-1', { state: 'armed', previewedMs: 0 }),
  },
  {
    name: 'alerts-interrupted',
    screen: 'alerts',
    shows: '.interrupted',
    prepare: (station) => void station.setAlert('alert-1', { previewedMs: 18_000, interrupted: cutOff(station) }),
  },
  {
    name: 'alerts-interrupted-armed',
    screen: 'alerts',
    shows: '.interrupted .btn[aria-pressed="true"]',
    prepare: (station) =>
      void station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000, interrupted: { ...cutOff(station), continues: true } }),
  },
  {
    name: 'alerts-airing',
    screen: 'alerts',
    shows: '.airing',
    prepare: (station) => void station.air('alert-1', 'cutin-shot', 'screen', 34_000),
  },
  {
    name: 'alerts-drill-armed',
    screen: 'alerts',
    shows: '.fire-key.drill:not(.locked)',
    prepare: async (station, page) => {
      station.setAlert('alert-2', { state: 'armed', previewedMs: 18_000 })
      await page.locator('.alert-row[data-drill="true"]').click()
    },
  },
  {
    name: 'alerts-drill-airing',
    screen: 'alerts',
    shows: '.airing[data-mode="drill"]',
    prepare: async (station, page) => {
      station.air('alert-2', 'cutin-shot', 'screen', 12_000)
      await page.locator('.alert-row[data-drill="true"]').click()
    },
  },
  { name: 'alerts-drill', screen: 'alerts', prepare: (_station, page) => page.getByText('Nậm Có').first().click() },
  { name: 'alerts-result', screen: 'alerts', prepare: (_station, page) => page.getByText('Púng Luông').first().click() },
  {
    name: 'alerts-compose',
    screen: 'alerts',
    prepare: async (_station, page) => {
      await page.keyboard.press('F7')
      await page.locator('.mode-key.live').click()
      await page.locator('.template-grid button').nth(1).click()
      await page.locator('.slot-grid input').first().fill('bản Háng Sung, bản Tà Ghênh')
    },
  },
  { name: 'alerts-empty', screen: 'alerts', options: { empty: true } },
]
