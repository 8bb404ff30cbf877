// DESIGN.md 1 as data: which room may import which, which packages a room may never see, and that an area of the station
// is entered by its own door (`index.ts`) only. Files that are started as processes of their own are doors to themselves.
import type { ImportEdge, ImportGraph } from './import-graph.ts'

export const rooms = ['shared', 'hardware', 'audio', 'station', 'renderer', 'electron', 'simulator', 'test', 'bench'] as const
export type Room = (typeof rooms)[number]

/** Rooms a room may import besides itself. */
const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  shared: [],
  hardware: ['shared'],
  audio: ['shared'],
  station: ['shared', 'hardware'],
  renderer: ['shared'],
  electron: ['shared'],
  simulator: ['shared', 'hardware'],
  test: rooms,
  bench: rooms,
}

/** Programs a room starts as processes of their own: named by a URL, never loaded. */
const mayStart: Readonly<Partial<Record<Room, readonly string[]>>> = { station: ['audio/main.ts'] }

/** Files that build a room and are no part of it. */
const tools: readonly string[] = ['renderer/vite.config.ts']

/** The station's own entry points; `house/` is what they put together, and nobody else's door. */
const stationEntries = /^station\/[^/]+\.ts$/

/** Packages that `shared` may see: the schema library and the contract builder. */
const sharedPackages: readonly string[] = ['zod', '@orpc/contract']

/** Only the desktop shell may see these. */
const electronOnly: readonly string[] = ['electron', 'electron-store', 'electron-updater', '@electron/fuses']

export function checkImports(graph: ImportGraph): string[] {
  return graph.edges.flatMap((edge) => checkEdge(edge).map((why) => `${edge.from} → ${edge.specifier} (${edge.how}): ${why}`))
}

function checkEdge(edge: ImportEdge): string[] {
  const from = roomOf(edge.from)
  if (from === null || tools.includes(edge.from)) return []
  if (edge.to === null) return edge.how === 'url' ? [] : ['points to no file']
  return edge.to.kind === 'package' ? checkPackage(from, edge.to.name) : checkFile(from, edge, edge.to.path)
}

function checkPackage(from: Room, name: string): string[] {
  const why: string[] = []
  if (from === 'shared' && !sharedPackages.includes(name))
    why.push('shared runs anywhere: only the schema library and the contract builder')
  if (electronOnly.includes(name) && from !== 'electron' && from !== 'test') why.push('only electron/ imports this package')
  if (from === 'renderer' && name.startsWith('node:')) why.push('a screen has no Node')
  return why
}

function checkFile(from: Room, edge: ImportEdge, to: string): string[] {
  const room = roomOf(to)
  if (room === null) return checkRootFile(from, to)
  if (edge.how === 'url' && mayStart[from]?.includes(to)) return []
  if (room !== from && !mayImport[from].includes(room)) return [`${from}/ may not import ${room}/`]
  if (from === 'station' && room === 'hardware') return checkHardware(edge.from, to)
  if (from === 'station' && room === 'station') return checkArea(edge, to)
  return []
}

/** Data files beside the rooms (package.json, a migration, a page) may be read; code there may not. */
function checkRootFile(from: Room, to: string): string[] {
  return from === 'test' || from === 'bench' || to === 'package.json' ? [] : [`${to} is in no room`]
}

/** The station knows what a driver is; which drivers exist is known to its main only. */
function checkHardware(from: string, to: string): string[] {
  if (to.startsWith('hardware/contract/') || from === 'station/main.ts' || from === 'station/cli.ts') return []
  return ["station/ sees hardware's contract only; the registry belongs to station/main.ts"]
}

function checkArea(edge: ImportEdge, to: string): string[] {
  const target = areaOf(to)
  if (target === null || target === areaOf(edge.from)) return []
  if (edge.how === 'url' || to === `station/${target}/index.ts`) return []
  if (target === 'house' && stationEntries.test(edge.from)) return []
  return [`the door of station/${target} is its index.ts`]
}

function areaOf(path: string): string | null {
  const parts = path.split('/')
  return parts[0] === 'station' && parts.length > 2 ? (parts[1] ?? null) : null
}

function roomOf(path: string): Room | null {
  const first = path.split('/')[0]
  return rooms.find((room) => room === first) ?? null
}
