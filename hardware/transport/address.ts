// Reads the `transport` string of a device's configuration. A wrong part names itself: field, what was found, what to write.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { HidAddress } from './hid.ts'
import type { SerialAddress } from './serial.ts'
import type { TcpAddress } from './tcp.ts'
import type { UdpAddress } from './udp.ts'

export type TransportAddress = SerialAddress | TcpAddress | UdpAddress | HidAddress

const remedy = 'serial:/dev/ttyUSB0?baud=9600&parity=none | tcp://host:port | udp://host:port | hid:vendor:product[:serial]'

/** Throws OperatorError CONFIG_INVALID with `field`, `value` and `remedy`. */
export function parseAddress(text: string): TransportAddress {
  if (text.startsWith('serial:')) return parseSerial(text.slice('serial:'.length))
  if (text.startsWith('tcp://')) return { kind: 'tcp', ...parseHostPort(text.slice('tcp://'.length)) }
  if (text.startsWith('udp://')) return { kind: 'udp', ...parseHostPort(text.slice('udp://'.length)) }
  if (text.startsWith('hid:')) return parseHid(text.slice('hid:'.length))
  throw wrong('transport', text, remedy)
}

function parseSerial(rest: string): SerialAddress {
  const question = rest.indexOf('?')
  const path = question < 0 ? rest : rest.slice(0, question)
  if (path === '') throw wrong('transport.path', rest, 'serial:/dev/ttyUSB0 or serial:COM3')
  const settings = new Map(new URLSearchParams(question < 0 ? '' : rest.slice(question + 1)))
  const take = <T extends string>(key: string, allowed: readonly [T, ...T[]]): T => {
    const value = settings.get(key)
    settings.delete(key)
    if (value === undefined) return allowed[0]
    const known = allowed.find((one) => one === value)
    if (known === undefined) throw wrong(`transport.${key}`, value, allowed.join(' | '))
    return known
  }
  const baudText = settings.get('baud') ?? '9600'
  settings.delete('baud')
  const baudRate = Number(baudText)
  if (!/^\d+$/.test(baudText) || baudRate < 300 || baudRate > 4_000_000)
    throw wrong('transport.baud', baudText, 'a whole number from 300, such as 9600')
  const address: SerialAddress = {
    kind: 'serial',
    path,
    baudRate,
    parity: take('parity', ['none', 'even', 'odd']),
    dataBits: take('data', ['8', '7']) === '8' ? 8 : 7,
    stopBits: take('stop', ['1', '2']) === '1' ? 1 : 2,
    flow: take('flow', ['none', 'xonxoff', 'rtscts']),
  }
  const stranger = settings.keys().next().value
  if (stranger !== undefined) throw wrong(`transport.${stranger}`, settings.get(stranger) ?? '', 'one of baud, parity, data, stop, flow')
  return address
}

function parseHostPort(rest: string): { host: string; port: number } {
  const colon = rest.lastIndexOf(':')
  const host = rest.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1')
  const portText = rest.slice(colon + 1)
  if (host === '' || /[\s/]/.test(host)) throw wrong('transport.host', host, 'a host name or address, such as 192.168.1.20')
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535) throw wrong('transport.port', portText, 'a port number from 1 to 65535')
  return { host, port }
}

function parseHid(rest: string): HidAddress {
  const [vendor = '', product = '', ...serial] = rest.split(':')
  const id = (field: string, text: string): number => {
    if (!/^[0-9a-fA-F]{4}$/.test(text)) throw wrong(`transport.${field}`, text, 'four hexadecimal digits, such as 05f3')
    return Number.parseInt(text, 16)
  }
  return {
    kind: 'hid',
    vendorId: id('vendor', vendor),
    productId: id('product', product),
    serialNumber: serial.length === 0 ? null : serial.join(':'),
  }
}

function wrong(field: string, value: string, hint: string): OperatorError {
  return new OperatorError('CONFIG_INVALID', { field, value, remedy: hint })
}
