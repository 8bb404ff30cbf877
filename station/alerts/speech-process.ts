// Entry point of the speech process: the built-in voice and the rendering of alerts, away from the station (it is
// synchronous, holds 120 MB, and is GPL). Requests are JSON lines on stdin, replies JSON lines on stdout, one job at a time.
// It ends when its stdin closes, so it never outlives the station.
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { OperatorError } from '../../shared/domain/errors.ts'
import { render, speak } from './render/alert-renderer.ts'
import type { RenderedFiles, SpeechJob, SpeechReply, SpeechRequest, SpokenFile } from './render/render-job.ts'
import { loadVoice, type Voice } from './speech/voice.ts'

const voices = new Map<string, Promise<Voice>>()

async function work(job: SpeechJob): Promise<SpokenFile | RenderedFiles> {
  const loaded = voices.get(job.voice) ?? loadVoice(job.voice)
  // One engine is held at a time: each has 30 MB of its own.
  voices.clear()
  voices.set(job.voice, loaded)
  try {
    const voice = await loaded
    return job.kind === 'speak' ? speak(job, voice) : render(job, voice, randomUUID().slice(0, 8))
  } catch (cause) {
    voices.delete(job.voice)
    throw cause
  }
}

function failure(id: number, error: unknown): SpeechReply {
  if (error instanceof OperatorError) return { id, event: 'failed', code: error.code, detail: error.detail }
  const reason = error instanceof Error ? error.message : String(error)
  return { id, event: 'failed', code: 'SPEECH_FAILED', detail: { reason: reason.slice(0, 500) } }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, job } = JSON.parse(line) as SpeechRequest
  const reply = await work(job).then(
    (result): SpeechReply => ({ id, event: 'done', result }),
    (error: unknown) => failure(id, error),
  )
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
process.exit(0)
