// Opens the control room on the training district: sound, the district's virtual devices, the station, a window; keeps the
// station running; ends all of it, by process id, on a signal or when whoever started us is gone. Started by `start.mjs`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endAudio } from './audio-end.ts'
import { type Child, startChild } from './child.ts'
import { stationEnvironment } from '../../shared/station-environment.ts'
import { trainingStation } from '../district/training-station.ts'
import { prepareDataFolder } from './data-folder.ts'
import { findRunning, firstPins, holdsAir, signInUrl } from './door.ts'
import { LeaveGuard } from './leave-guard.ts'
import { type LaunchOptions, parseOptions, usage } from './options.ts'
import { type DistrictSound, startDistrictSound } from './sound.ts'
import { type ReadyLine, StationKeeper } from './station-keeper.ts'
import { hasDisplay, type OpenedWindow, openWindow } from './window.ts'

const root = join(import.meta.dirname, '../..')
const stationTries = 3
const districtWithinMs = 15_000
/** The station ends cleanly within 5 s of SIGTERM. */
const stationGraceMs = 6000
const audioGraceMs = 2000
const childGraceMs = 2000

class Launcher {
  readonly #options: LaunchOptions
  #sound: DistrictSound | null = null
  #province: Child | null = null
  #district: Child | null = null
  #keeper: StationKeeper | null = null
  #demo: Child | null = null
  #window: OpenedWindow | null = null
  /** A new folder gets a demonstration programme; one emptied by --fresh stays empty. */
  #firstDay = false
  #ending: Promise<void> | null = null
  #station: ReadyLine | null = null
  readonly #guard = new LeaveGuard()

  constructor(options: LaunchOptions) {
    this.#options = options
  }

  /** Resolves when everything has ended. */
  async run(): Promise<void> {
    const { dataDir, fresh } = this.#options
    const running = await findRunning(dataDir)
    if (running !== null) {
      if (fresh) throw new Error(`Đài tập huấn đang chạy (pid ${running.pid}); hãy dừng nó trước khi dùng --fresh. / stop it first`)
      say(`Đài tập huấn đã chạy sẵn (pid ${running.pid}). / The training station is running already.`)
      await this.#show(running)
      await this.#window?.closed
      return
    }
    this.#firstDay = prepareDataFolder(dataDir, fresh) === 'new'
    mkdirSync(join(dataDir, 'log'), { recursive: true })
    this.#sound = await startDistrictSound(join(dataDir, 'sound'), this.#options.listen)
    if (this.#ending !== null) return this.#ending
    await this.#beginProvince()
    this.#district = await this.#startDistrict()
    await this.#district.ready(districtWithinMs)
    this.#watchDistrict(this.#district)
    this.#keeper = this.#keepStation()
    this.#writePids()
    try {
      await this.#keeper.run(stationTries)
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${this.#logTail('station')}`, { cause })
    } finally {
      await this.end()
    }
  }

  /** Ends what was started, station first so that carriers are down before their transmitters vanish. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#endAll()
    return this.#ending
  }

  /** Ctrl+C: whether everything may end now; otherwise what it would cut off has been said. */
  async mayLeave(): Promise<boolean> {
    if (this.#ending !== null || this.#station === null) return true
    const answer = this.#guard.pressed(performance.now(), await holdsAir(this.#station))
    if (answer === 'ask')
      say(
        '\nĐang phát tin khẩn cấp hoặc đang mở micro: chưa dừng gì cả. Bấm Ctrl+C lần nữa để cắt và dừng. / an alert or a microphone is on air: nothing was ended. Press Ctrl+C again to cut it off and stop',
      )
    return answer === 'leave'
  }

  async #endAll(): Promise<void> {
    this.#window?.end()
    await this.#demo?.end(childGraceMs)
    await this.#keeper?.end(stationGraceMs)
    await endAudio(this.#options.dataDir, audioGraceMs)
    await this.#district?.end(childGraceMs)
    await this.#province?.end(childGraceMs)
    await this.#sound?.close()
    rmSync(this.#pidsPath, { force: true })
  }

  #startDistrict(): Promise<Child> {
    const words = ['simulator/main.ts', '--data', this.#options.dataDir, '--config', this.#configPath]
    words.push('--end-with-stdin')
    if (this.#sound?.env == null) words.push('--no-sound')
    if (this.#province !== null) words.push('--province', this.#provincePath)
    return this.#child('district', words, this.#sound?.env ?? {}, true)
  }

  /** The province of the district: a training station is whole without it, so a province that does not start is said and no more. */
  async #beginProvince(): Promise<void> {
    try {
      this.#province = await this.#startProvince()
    } catch (cause) {
      this.#province = null
      say(`tỉnh giả lập: / the province: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }

  async #startProvince(): Promise<Child> {
    const folder = join(this.#options.dataDir, 'tinh')
    const words = [
      'simulator/province/main.ts',
      '--data',
      folder,
      '--station',
      `${trainingStation.id}=${trainingStation.name}`,
      '--end-with-stdin',
    ]
    const child = await this.#child('province', words, {}, true)
    const ready = await child.ready(districtWithinMs).catch(async (cause: unknown) => {
      await child.end(childGraceMs)
      throw cause
    })
    writeFileSync(this.#provincePath, `${JSON.stringify(ready)}\n`, { mode: 0o600 })
    void child.ended.then(async () => {
      if (this.#ending !== null) return
      say('Tỉnh giả lập đã dừng, khởi động lại… / the province ended, starting it again')
      await this.#beginProvince()
    })
    return child
  }

  get #provincePath(): string {
    return join(this.#options.dataDir, 'province-address.json')
  }

  /** The devices' box is dead: the station sees every device lost and says so; we bring the devices back. */
  #watchDistrict(district: Child): void {
    void district.ended
      .then(async () => {
        if (this.#ending !== null) return
        say('Bộ thiết bị giả lập đã dừng, khởi động lại… / virtual devices ended, starting them again')
        const next = await this.#startDistrict()
        this.#district = next
        this.#writePids()
        await next.ready(districtWithinMs)
        this.#watchDistrict(next)
      })
      .catch((cause: unknown) => say(`virtual devices: ${cause instanceof Error ? cause.message : String(cause)}`))
  }

  #keepStation(): StationKeeper {
    const options = (port: number | null) => {
      const words = ['station/main.ts', '--data', this.#options.dataDir, '--config', this.#configPath, '--training', '--headless']
      if (port !== null) words.push('--port', String(port))
      return this.#childOptions('station', words, { ...this.#sound?.env, ...stationEnvironment }, false)
    }
    return new StationKeeper(this.#options.port, options, {
      onReady: (ready, first) => {
        this.#writePids()
        this.#station = ready
        if (first) void this.#welcome(ready).catch((cause: unknown) => say(cause instanceof Error ? cause.message : String(cause)))
        else say('Đài đã chạy lại. / The station is back.')
      },
      onCrash: (why, nextInMs) => say(`Đài dừng bất thường (${why}); chạy lại sau ${nextInMs / 1000} s. / station died, restarting`),
    })
  }

  async #welcome(station: ReadyLine): Promise<void> {
    const words = ['simulator/demo/main.ts', '--data', this.#options.dataDir, ...(this.#firstDay ? ['--first'] : [])]
    this.#demo = await this.#child('demo', words, {}, false)
    await this.#show(station)
    const pins = await firstPins(station)
    if (pins.length > 0) {
      process.stdout.write('\nMã PIN tập huấn, chỉ hiện một lần / training PINs, shown once:\n')
      for (const { person, pin } of pins) process.stdout.write(`  ${pin}  ${person.name} (${person.role})\n`)
    }
    const { code } = await this.#demo.ended
    if (code !== 0 && this.#ending === null) say(`chương trình mẫu: / demonstration programme: ${this.#logTail('demo')}`)
  }

  async #show(station: ReadyLine): Promise<void> {
    const url = await signInUrl(station)
    process.stdout.write(`\nTẬP HUẤN – KHÔNG RA LOA\nPhòng điều khiển / control room: ${url}\n`)
    say(`  dữ liệu / data: ${this.#options.dataDir}`)
    if (this.#sound !== null) say(`  âm thanh / sound: ${soundWords(this.#sound)}`)
    const page = this.#provincePage()
    if (page !== null) say(`  trang của tỉnh / the province's page: ${page}`)
    say('  địa chỉ dùng một lần; chạy lại npm start để lấy địa chỉ mới / the address works once; run npm start again for another')
    say('  Ctrl+C để dừng / to stop\n')
    if (!this.#options.open || !hasDisplay()) return
    // The printed address is for a person; the window gets a code of its own.
    this.#window = await openWindow(root, await signInUrl(station), join(this.#options.dataDir, 'window'))
    this.#writePids()
    say(this.#window === null ? '  không có trình duyệt nào để mở / no browser found to open' : `  cửa sổ / window: ${this.#window.with}`)
  }

  /** Where a trainer writes bulletins; null = there is no province. */
  #provincePage(): string | null {
    if (this.#province === null) return null
    const { page } = JSON.parse(readFileSync(this.#provincePath, 'utf8')) as { page: { url: string; token: string } }
    return `${page.url}/#${page.token}`
  }

  #child(name: string, words: readonly string[], env: Readonly<Record<string, string>>, heldStdin: boolean): Promise<Child> {
    return startChild(this.#childOptions(name, words, env, heldStdin))
  }

  #childOptions(name: string, args: readonly string[], env: Readonly<Record<string, string>>, heldStdin: boolean) {
    return { name, args, cwd: root, logPath: join(this.#options.dataDir, 'log', `${name}.log`), env, heldStdin }
  }

  /** The end of a process's log, for a person who wants to know why it did not start. */
  #logTail(name: string): string {
    const path = join(this.#options.dataDir, 'log', `${name}.log`)
    return existsSync(path) ? `${path}:\n${readFileSync(path, 'utf8').slice(-1500)}` : path
  }

  get #configPath(): string {
    return join(this.#options.dataDir, 'config.json')
  }

  get #pidsPath(): string {
    return join(this.#options.dataDir, 'launch.json')
  }

  /** For a person who finds something left behind after a power cut of the launcher: what belonged to it. */
  #writePids(): void {
    const pids = {
      launcher: process.pid,
      station: this.#keeper?.pid ?? null,
      district: this.#district?.pid ?? null,
      province: this.#province?.pid ?? null,
      sound: this.#sound?.pids ?? [],
      window: this.#window?.pid ?? null,
    }
    writeFileSync(this.#pidsPath, `${JSON.stringify(pids)}\n`)
    // start.mjs ends them should we be killed without a chance to.
    process.send?.({ pids: [pids.station, pids.window, ...pids.sound].filter((pid) => pid !== null) })
  }
}

function soundWords(sound: DistrictSound): string {
  if (sound.why !== null) return `không có / none: ${sound.why}`
  return sound.heardHere
    ? 'nghe FM và nghe thử trên loa máy này / FM and cue on this computer'
    : 'máy chủ âm thanh riêng / private sound server'
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

if (process.argv.includes('--help')) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}
let options: LaunchOptions
try {
  options = parseOptions(process.argv.slice(2), root, process.env.INIT_CWD ?? process.cwd())
} catch (cause) {
  say(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`)
  process.exit(2)
}
const launcher = new Launcher(options)
const leave = (code: number) => void launcher.end().then(() => process.exit(code))
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(0))
process.on('SIGINT', () => void launcher.mayLeave().then((may) => (may ? leave(0) : undefined)))
process.on('disconnect', () => leave(0))
try {
  await launcher.run()
  process.exit(0)
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause))
  await launcher.end()
  process.exit(1)
}
