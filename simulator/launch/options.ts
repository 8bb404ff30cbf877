// What `npm start -- …` understands. Unknown words are refused by name: a mistyped `--fresh` must not start on old data.
import { resolve } from 'node:path'

export interface LaunchOptions {
  /** Data folder of the training station. */
  readonly dataDir: string
  /** Begin with an empty training district. */
  readonly fresh: boolean
  /** Loopback port of the control room; null = any. */
  readonly port: number | null
  /** Open a window where there is a display. */
  readonly open: boolean
  /** Play what FM listeners and the cue would hear on this computer's own loudspeaker. */
  readonly listen: boolean
}

export const usage = `npm start -- [--fresh] [--data DIR] [--port N] [--no-open] [--quiet]
  --fresh     bắt đầu với đài tập huấn trống / begin with an empty training district
  --data DIR  thư mục dữ liệu tập huấn / training data folder (default: .data/training)
  --port N    cổng trên 127.0.0.1 / loopback port
  --no-open   không mở cửa sổ / do not open a window
  --quiet     không phát ra loa máy này / do not play on this computer's loudspeaker`

/** `from`: the folder a relative `--data` is meant from. Throws an Error with the word that was not understood. */
export function parseOptions(words: readonly string[], root: string, from: string): LaunchOptions {
  let options: LaunchOptions = { dataDir: resolve(root, '.data/training'), fresh: false, port: null, open: true, listen: true }
  const rest = [...words]
  const value = (name: string): string => {
    const word = rest.shift()
    if (word === undefined || word.startsWith('--')) throw new Error(`${name} needs a value`)
    return word
  }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, inline] = splitWord(word)
    if (inline !== null) rest.unshift(inline)
    if (name === '--fresh') options = { ...options, fresh: true }
    else if (name === '--no-open') options = { ...options, open: false }
    else if (name === '--quiet') options = { ...options, listen: false }
    else if (name === '--data') options = { ...options, dataDir: resolve(from, value(name)) }
    else if (name === '--port') options = { ...options, port: parsePort(value(name)) }
    else throw new Error(`not understood: ${word}`)
  }
  return options
}

function splitWord(word: string): [name: string, value: string | null] {
  const cut = word.indexOf('=')
  return cut === -1 ? [word, null] : [word.slice(0, cut), word.slice(cut + 1)]
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${text}: want 0 to 65535`)
  return port
}
