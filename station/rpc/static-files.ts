// The built screens, read once into memory: a request never waits for a disk and never reaches a path.
import { readdir, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
}

/** Mantine and uPlot set inline styles; scripts come only from this origin. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; media-src 'self' blob:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export interface StaticFiles {
  /** Answers when the path is a file of ours; false when it is not. */
  serve(path: string, response: ServerResponse): boolean
}

/** @param root folder of the built screens; an absent one serves nothing */
export async function loadStaticFiles(root: string): Promise<StaticFiles> {
  const files = new Map<string, { body: Buffer; type: string }>()
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = `/${relative(root, path).split(sep).join('/')}`
    files.set(name, { body: await readFile(path), type: types[extname(name)] ?? 'application/octet-stream' })
  }
  return {
    serve(path, response) {
      const name = path === '/' ? '/index.html' : path
      const file = files.get(name)
      if (!file) return false
      const immutable = name.startsWith('/assets/')
      response.writeHead(200, {
        'content-type': file.type,
        'content-length': file.body.length,
        'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-store',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      response.end(file.body)
      return true
    },
  }
}
