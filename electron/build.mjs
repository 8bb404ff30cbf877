// Builds the shell into dist/electron: main and preload as one CommonJS file each (the sandbox of a preload can require nothing
// of ours), the safe page as it is, the icon. Run by the Node this project ships: `node electron/build.mjs`.
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const outDir = process.argv[2] ?? join(here, '..', 'dist', 'electron')

rmSync(outDir, { recursive: true, force: true })
mkdirSync(outDir, { recursive: true })
for (const entry of ['main', 'preload']) {
  await build({
    configFile: false,
    root: here,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(here, `${entry}.ts`),
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rollupOptions: {
        external: ['electron', ...builtinModules, /^node:/],
        output: { format: 'cjs', entryFileNames: `${entry}.cjs`, codeSplitting: false },
      },
    },
  })
}
cpSync(join(here, 'safe-page'), join(outDir, 'safe-page'), { recursive: true })
copyFileSync(join(here, 'icon.png'), join(outDir, 'icon.png'))
