// Makes a rename or a new name in a folder outlast a power cut.
import { open } from 'node:fs/promises'

/** Windows has no such call and needs none; some file systems of sticks (exFAT by FUSE) have none either. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
  } finally {
    await folder.close()
  }
}
