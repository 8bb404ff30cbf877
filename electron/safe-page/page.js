// The safe page: no framework, no state but the hold. Holding 1 s orders; letting go earlier does nothing.
// What is shown is what the station answered, never that a key was pressed.
const holdMs = 1000
const answer = document.getElementById('answer')

function hold(id, order) {
  const key = document.getElementById(id)
  let timer = null
  const release = () => {
    clearTimeout(timer)
    timer = null
    key.classList.remove('held')
  }
  const press = (event) => {
    if (timer !== null || event.repeat) return
    key.classList.add('held')
    timer = setTimeout(() => {
      release()
      void show(order())
    }, holdMs)
  }
  key.addEventListener('pointerdown', press)
  for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) key.addEventListener(end, release)
  key.addEventListener('keydown', (event) => {
    if (event.key === ' ' || event.key === 'Enter') press(event)
  })
  key.addEventListener('keyup', release)
}

async function show(pending) {
  answer.textContent = 'Đã gửi lệnh, chờ đài trả lời…'
  try {
    const result = await pending
    answer.textContent = `${result.done ? '✓' : '✗'} ${result.words}`
  } catch {
    answer.textContent = '✗ Không gửi được lệnh. Dùng phím khẩn cấp hoặc ngắt máy phát bằng tay.'
  }
}

hold('stop', () => window.trucSongShell.stop())
hold('open', () => window.trucSongShell.microphone(true))
document.getElementById('close').addEventListener('click', () => void show(window.trucSongShell.microphone(false)))
document.getElementById('retry').addEventListener('click', () => window.trucSongShell.retry())
