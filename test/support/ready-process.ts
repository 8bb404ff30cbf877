// Stands where a station stands for the launcher's keeper: prints the ready line (or does not) and waits for its end. How it
// behaves is its first argument, so that the keeper can be seen with a station that dies, hangs or leaves in order.
const [behaviour = 'lives', ...rest] = process.argv.slice(2)
const at = rest.indexOf('--port')
const port = at === -1 ? '41000' : (rest[at + 1] ?? '')

if (behaviour === 'dies') process.exit(7)
process.on('SIGTERM', () => (behaviour === 'stubborn' ? undefined : process.exit(0)))
process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${port}`, token: 't', pid: process.pid })}\n`)
setInterval(() => undefined, 60_000)
