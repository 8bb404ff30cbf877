// Where things lie: in development beside this house, packaged in `resources/payload` outside the ASAR (plain Node cannot read
// one). The Node is always the one this project ships.
import { join } from 'node:path'

export interface ShellPaths {
  readonly node: string
  /** Packaged, the entry that checks the payload first. */
  readonly stationMain: string
  /** Folder of this shell's own built files. */
  readonly shellDir: string
  readonly dataDir: string
}

export interface PathFacts {
  readonly packaged: boolean
  readonly resourcesDir: string
  /** The folder of package.json in development. */
  readonly appDir: string
  readonly userDataDir: string
  readonly platform: string
  readonly arch: string
  /** From settings or the command line; null = the default. */
  readonly dataDir: string | null
}

export function shellPaths(facts: PathFacts): ShellPaths {
  const house = facts.packaged ? join(facts.resourcesDir, 'payload') : facts.appDir
  const windows = facts.platform === 'win32'
  const nodePackage = `node-${windows ? 'win' : facts.platform}-${facts.arch}`
  return {
    node: join(house, 'node_modules', nodePackage, 'bin', windows ? 'node.exe' : 'node'),
    stationMain: join(house, 'station', facts.packaged ? 'packaged.ts' : 'main.ts'),
    shellDir: join(facts.appDir, 'dist', 'electron'),
    dataDir: facts.dataDir ?? join(facts.userDataDir, 'station'),
  }
}
