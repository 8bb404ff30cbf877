/** RIFF header of 48 kHz signed 16 bit PCM, so that a browser can play an air copy or an alert. */
export function wavHeader(pcmBytes: number, channels: 1 | 2): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + pcmBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt32LE(48_000 * channels * 2, 28)
  header.writeUInt16LE(channels * 2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(pcmBytes, 40)
  return header
}
