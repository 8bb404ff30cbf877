// What differs between the simulated desks, as data: channels, clients, echo, meters.

/** What differs between the models. */
export interface DeskTraits {
  readonly info: readonly [server: string, name: string, model: string, firmware: string]
  readonly clients: number
  readonly echoesOwnSets: boolean
  /** Channel → OSC address up to, not including, `/fader` and `/on`. */
  readonly strips: Readonly<Record<string, string>>
  readonly meterPage: string
  buildMeters(levelsDb: Readonly<Record<string, number>>): Buffer
}

/** An X32: 4 clients, no echo, float meters of the 32 inputs. */
export const x32Traits: DeskTraits = {
  info: ['V2.07', 'osc-server', 'X32', '4.06'],
  clients: 4,
  echoesOwnSets: false,
  strips: Object.fromEntries([
    ...numbered('ch', 32, 2, '/mix'),
    ...numbered('auxin', 8, 2, '/mix'),
    ...numbered('bus', 16, 2, '/mix'),
    ...numbered('dca', 8, 1, ''),
    ['main', '/main/st/mix'],
    ['main/m', '/main/m/mix'],
  ]),
  meterPage: '/meters/1',
  buildMeters(levelsDb) {
    const blob = Buffer.alloc(4 + 96 * 4)
    blob.writeInt32LE(96, 0)
    for (let input = 1; input <= 32; input++) {
      const levelDb = levelsDb[`ch/${String(input).padStart(2, '0')}`] ?? -96
      blob.writeFloatLE(10 ** (levelDb / 20), 4 * input)
    }
    return blob
  },
}

/** `count` strips of a kind, numbered with so many digits. */
export function numbered(kind: string, count: number, digits: number, suffix: string): [string, string][] {
  return Array.from({ length: count }, (_, index) => {
    const channel = `${kind}/${String(index + 1).padStart(digits, '0')}`
    return [channel, `/${channel}${suffix}`]
  })
}
