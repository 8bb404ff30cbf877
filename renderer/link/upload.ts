// Sending a file to the library: raw body with progress. The answer is the station's; a refusal carries its code and where.
import type { Refusal } from '../../shared/rpc/contract.ts'
import type { ContentType } from '../../shared/domain/library.ts'

/** What the picker and the drop zone take. The station decides by content, not by name. */
export const acceptedSuffixes = ['.wav', '.flac', '.mp3', '.m4a', '.aac', '.ogg', '.opus'] as const

export type UploadResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'offline' }

export function uploadFile(file: File, contentType: ContentType, onProgress: (percent: number) => void): Promise<UploadResult> {
  const title =
    file.name
      .replace(/\.[^.]+$/, '')
      .replace(/[_]+/g, ' ')
      .trim()
      .slice(0, 200) || file.name
  const query = new URLSearchParams({ name: file.name, title, contentType })
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/library/files?${query}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress((event.loaded / event.total) * 100)
    }
    request.onerror = () => resolve({ kind: 'offline' })
    request.onload = () => resolve(request.status < 300 ? { kind: 'done' } : { kind: 'refused', refusal: refusalIn(request) })
    request.send(file)
  })
}

function refusalIn(request: XMLHttpRequest): Refusal {
  const fallback: Refusal = { code: request.status === 401 ? 'UNAUTHORIZED' : 'UNEXPECTED', detail: {} }
  try {
    const body: unknown = JSON.parse(request.responseText)
    return find(body) ?? fallback
  } catch (error) {
    console.info('upload: answer is not JSON', error)
    return fallback
  }
}

function find(body: unknown): Refusal | null {
  if (typeof body !== 'object' || body === null) return null
  if ('data' in body) return find(body.data)
  if ('code' in body && typeof body.code === 'string') {
    const detail = 'detail' in body && typeof body.detail === 'object' && body.detail !== null ? (body.detail as Refusal['detail']) : {}
    return { code: body.code, detail }
  }
  return null
}
