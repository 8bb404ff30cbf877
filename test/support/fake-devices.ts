// Devices of a district in every state, for the screens' tests and pictures.
import type { DeviceView } from '../../shared/domain/device.ts'
import { epochMs } from '../../shared/domain/time.ts'

const minute = 60_000

export function fakeDevices(nowMs: number): DeviceView[] {
  const base = { simulated: true, transmitter: null, zones: null, desk: null, surface: null, unconfirmed: [] }
  const online = { state: 'online' as const, sinceMs: epochMs(nowMs - 400 * minute), lastHeardAt: epochMs(nowMs - 400) }
  return [
    {
      ...base,
      deviceId: 'fm-1' as DeviceView['deviceId'],
      driver: 'ecreso-helios',
      kind: 'transmitter',
      label: 'Máy phát FM 64,2 MHz',
      transport: 'tcp://127.0.0.1:41001',
      outputIds: ['fm'] as never,
      status: online,
      transmitter: {
        carrierOn: true,
        forwardPowerW: 28.6,
        reflectedPowerW: 0.3,
        powerSetW: 30,
        vswr: 1.22,
        frequencyKhz: 64_200,
        interlockClosed: true,
        localMode: false,
        rfPresent: true,
        fault: false,
        alarms: [],
        tempDegC: 41,
        atMs: epochMs(nowMs),
      },
    },
    {
      ...base,
      deviceId: 'fm-2' as DeviceView['deviceId'],
      driver: 'crown-fme',
      kind: 'transmitter',
      label: 'Máy phát FM 98,5 MHz – đỉnh Khau Phạ',
      transport: 'serial:/dev/ttyS1?baud=9600',
      outputIds: ['fm'] as never,
      status: {
        state: 'lost',
        sinceMs: epochMs(nowMs - 95_000),
        lastHeardAt: epochMs(nowMs - 97_000),
        nextAttemptAt: epochMs(nowMs + 2_000),
        reason: 'timeout',
      },
      transmitter: {
        carrierOn: true,
        forwardPowerW: 61.2,
        reflectedPowerW: 1.9,
        powerSetW: 60,
        vswr: 1.42,
        frequencyKhz: 98_500,
        interlockClosed: true,
        localMode: false,
        rfPresent: true,
        fault: false,
        alarms: [],
        tempDegC: 47,
        atMs: epochMs(nowMs - 97_000),
      },
      unconfirmed: [{ reason: 'is off, wished on', sentAtMs: epochMs(nowMs - 94_000) }],
    },
    {
      ...base,
      deviceId: 'wired' as DeviceView['deviceId'],
      driver: 'waveshare-relay',
      kind: 'zones',
      label: 'Tăng âm hữu tuyến – 8 đường',
      transport: 'tcp://127.0.0.1:41002',
      outputIds: ['wired'] as never,
      status: online,
      zones: { coils: [true, true, false, true, true, true, false, false], atMs: epochMs(nowMs) },
    },
    {
      ...base,
      deviceId: 'desk' as DeviceView['deviceId'],
      driver: 'behringer-x32',
      kind: 'desk',
      label: 'Bàn trộn X32',
      transport: 'udp://127.0.0.1:41003',
      outputIds: [],
      status: online,
      desk: {
        channels: [
          { channel: 'main', label: 'Tổng', faderDb: -3, muted: false },
          { channel: 'ch/01', label: 'Máy tính', faderDb: 0, muted: false },
          { channel: 'ch/02', label: 'Micro phòng đọc', faderDb: -8.5, muted: true },
          { channel: 'ch/03', label: 'Đầu thu VOV', faderDb: -12, muted: false },
        ],
        levelsDb: { main: -9, 'ch/01': -11, 'ch/02': -62, 'ch/03': -30 },
        atMs: epochMs(nowMs),
      },
    },
    {
      ...base,
      deviceId: 'keys' as DeviceView['deviceId'],
      driver: 'xkeys',
      kind: 'surface',
      label: 'Phím khẩn cấp X-keys',
      transport: 'hid:05f3:048e',
      outputIds: [],
      status: online,
      surface: {
        pressed: [],
        keyCount: 12,
        lampsSent: [
          { key: 0, text: 'PHÁT', colour: 'red', flash: false },
          { key: 1, text: 'DỪNG', colour: 'white', flash: false },
        ],
        atMs: epochMs(nowMs),
      },
    },
  ]
}
