// Builds the payload of a package: station, its packages, the Node it runs on, the built screens, and a hash of each file.
// `node electron/build-payload.mjs [FOLDER]` (default dist/payload). For the platform it runs on: native modules are copied as
// they are installed here.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPackageFile, isRoomFile, payloadRooms, productPackages, writeManifest } from './payload-manifest.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = process.argv[2] ?? join(root, 'dist', 'payload')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Copies what `wanted` lets through; folders are always entered. `dereference` is off: links stay links. */
function copy(from, to, wanted) {
  cpSync(from, to, {
    recursive: true,
    filter: (source) => lstatSync(source).isDirectory() || wanted(relative(from, source).replaceAll('\\', '/')),
  })
}

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const room of payloadRooms) copy(join(root, room), join(target, room), isRoomFile)
for (const file of ['package.json', 'LICENSE']) cpSync(join(root, file), join(target, file))
cpSync(join(root, 'bin'), join(target, 'bin'), { recursive: true })

const screens = join(root, 'dist', 'renderer')
if (!existsSync(join(screens, 'index.html'))) throw new Error('dist/renderer is not built: npm run build')
cpSync(screens, join(target, 'dist', 'renderer'), { recursive: true })

for (const path of productPackages(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))) {
  // An optional package of another platform is in the lock and not here.
  if (!existsSync(join(root, path))) continue
  const own = join(root, path)
  cpSync(own, join(target, path), {
    recursive: true,
    filter: (source) => {
      const name = relative(own, source).replaceAll('\\', '/')
      if (name === 'node_modules' || name.startsWith('node_modules/')) return false
      return lstatSync(source).isDirectory() ? name !== 'include' && name !== 'share' : isPackageFile(name)
    },
  })
}
const node = join('node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'bin')
if (!existsSync(join(target, node))) throw new Error(`no Node for ${process.platform} ${process.arch} among the packages`)
if (process.platform !== 'win32') {
  mkdirSync(join(target, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(join('..', '..', node, 'node'), join(target, 'node_modules', '.bin', 'node'))
}

const files = await writeManifest(target, version, `${process.platform}-${process.arch}`)
process.stdout.write(`${JSON.stringify({ payload: target, version, files })}\n`)
